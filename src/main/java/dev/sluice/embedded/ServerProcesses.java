package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;

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

    /**
     * The processes of one server.
     *
     * @param home real path; programs run in it or below
     * @param programs file names of what may run there
     */
    ServerProcesses(Path home, Set<String> programs) {
        this.home = home;
        this.programs = Set.copyOf(programs);
    }

    /** Every live process of the server in this folder. */
    List<ProcessHandle> alive() {
        return ProcessHandle.allProcesses().filter(this::runsHere).toList();
    }

    /** The one that a pid file (its first line) records, where it is really alive in the file's folder. */
    OptionalLong recorded(Path pidFile) {
        OptionalLong recorded = read(pidFile);
        boolean alive = recorded.isPresent() && runsIn(pidFile.resolveSibling(""), recorded.getAsLong());
        return alive ? recorded : OptionalLong.empty();
    }

    /** Whether a process is stopped by a signal (SIGSTOP, a debugger): it answers nothing until it goes on. */
    static boolean isFrozen(long pid) {
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

    /** SIGKILL, which what is synced outlives; for what ignored everything gentler. */
    void kill() {
        alive().forEach(ProcessHandle::destroyForcibly);
    }

    private boolean runsHere(ProcessHandle process) {
        return runsIn(home, process.pid());
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

    private static OptionalLong read(Path pidFile) {
        try {
            List<String> lines = Files.readAllLines(pidFile);
            return lines.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(lines.get(0).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty(); // none, or cut off: then it names no process
        }
    }

    /** Asks every {@value #POLL_INTERVAL_MS} ms; whether it held within the limit. */
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
