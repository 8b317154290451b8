package dev.sluice.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of a JVM like this one, up to the verb: same program, same flags, same class path. */
final class ChildCommand {

    private static final Path ENDS_WITH_PARENT = Path.of("/usr/bin/setpriv");

    /** Flags that a second process must not repeat: they name a file or a port of this one. */
    private static final List<String> OF_THIS_PROCESS_ALONE = List.of(
            "-agentlib:", "-agentpath:", "-javaagent:", "-XX:StartFlightRecording", "-Xlog:", "-Dcom.sun.management");

    private ChildCommand() {}

    /** A child that ends when this process is killed, where Linux can arrange that. */
    static List<String> ofThisProcess() {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(ENDS_WITH_PARENT)) {
            command.addAll(List.of(ENDS_WITH_PARENT.toString(), "--pdeathsig", "KILL", "--"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> OF_THIS_PROCESS_ALONE.stream().noneMatch(flag::startsWith))
                .forEach(command::add);
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && classPath.indexOf(java.io.File.pathSeparatorChar) < 0) {
            command.addAll(List.of("-jar", classPath)); // its manifest opens packages only so
        } else {
            command.addAll(List.of("-cp", classPath, Sluice.class.getName()));
        }
        return command;
    }
}
