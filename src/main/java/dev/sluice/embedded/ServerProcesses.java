package dev.sluice.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The processes that really run in one server's folder, told by their working directory, never by a recorded number
 * alone: a number is given to another process after a reboot or a kill.
 */
final class ServerProcesses {

    /** What Linux appends where the program's file is gone. */
    private static final String DELETED = " (deleted)";

    private static final long POLL_INTERVAL_MS = 10;

    private final Path home;
    private final Set<String> programs;
    private final Path pidFile;

    /**
     * The processes of one server.
     *
     * @param home real path; programs run in it or below
     * @param programs file names of what may run there
     * @param pidFile its first line is the server's process id
     */
    ServerProcesses(Path home, Set<String> programs, Path pidFile) {
        this.home = home;
        this.programs = Set.copyOf(programs);
        this.pidFile = pidFile;
    }

    /** Every live process of the server in this folder. */
    List<ProcessHandle> alive() {
        return ProcessHandle.allProcesses()
                .filter(process -> runsIn(home, process.pid()))
                .toList();
    }

    /** The process that the pid file names, where it is really alive in the file's folder. */
    OptionalLong recorded() {
        try (Stream<String> lines = Files.lines(pidFile)) {
            return lines.limit(1)
                    .mapToLong(line -> Long.parseLong(line.strip()))
                    .filter(pid -> runsIn(pidFile.resolveSibling(""), pid))
                    .findFirst();
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            return OptionalLong.empty(); // none, or cut off: then it names no process
        }
    }

    /**
     * Whether the recorded process is stopped by a signal (SIGSTOP, a debugger): it answers nothing until it goes on.
     * A frozen child of PostgreSQL does not count: the postmaster ends it.
     */
    boolean isFrozen() {
        OptionalLong pid = recorded();
        return pid.isPresent() && isFrozen(pid.getAsLong());
    }

    private static boolean isFrozen(long pid) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            char state = status.charAt(status.lastIndexOf(')') + 2);
            return state == 'T' || state == 't';
        } catch (IOException | IndexOutOfBoundsException e) {
            return false; // gone meanwhile
        }
    }

    /** Waits until all have left. */
    boolean awaitNone(Duration limit) {
        return await(() -> alive().isEmpty(), limit);
    }

    /** SIGKILL, which what is synced outlives. */
    void kill() {
        alive().forEach(ProcessHandle::destroyForcibly);
    }

    private boolean runsIn(Path folder, long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String program = Files.readSymbolicLink(process.resolve("exe")).toString();
            return programs.contains(fileName(program))
                    && Files.readSymbolicLink(process.resolve("cwd")).startsWith(folder);
        } catch (IOException e) {
            return false; // gone, or another user's: not one of ours
        }
    }

    private static String fileName(String program) {
        String name = program.substring(program.lastIndexOf('/') + 1);
        return name.endsWith(DELETED) ? name.substring(0, name.length() - DELETED.length()) : name;
    }

    /** Whether the condition held within the limit; asked every {@value #POLL_INTERVAL_MS} ms. */
    static boolean await(BooleanSupplier condition, Duration limit) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_INTERVAL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BundledServerException("interrupted while waiting for a bundled server", e);
        }
    }
}
