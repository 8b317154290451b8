package dev.sluice.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Short commands of the system, run to their end. */
public final class Commands {

    private static final long LIMIT_SECONDS = 30;

    private Commands() {}

    /** What a command complained of, its name first; empty where it ended with 0. */
    public static String complaint(String... command) {
        String name = String.join(" ", command);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("does not end: " + name);
            }
            return process.exitValue() == 0 ? "" : name + ": " + said + " (" + process.exitValue() + ")";
        } catch (IOException | InterruptedException e) {
            return name + ": " + e;
        }
    }

    /** All that a command says, whether it fails or not; it reads nothing. */
    public static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("does not end: " + String.join(" ", command));
            }
            return said;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Fails where the command does. */
    public static void run(String... command) {
        String complaint = complaint(command);
        if (!complaint.isEmpty()) {
            throw new AssertionError(complaint);
        }
    }

    /** Sends a signal to processes that a test started: STOP, CONT, TERM, INT or KILL. One that is gone is no error. */
    public static void signal(String name, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        complaint(command.toArray(String[]::new));
    }
}
