package dev.sluice.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends signals to processes that a test started, by their id. */
public final class Signals {

    private static final long LIMIT_SECONDS = 10;

    private Signals() {}

    /** Sends one to each: STOP, CONT, TERM, INT or KILL. */
    public static void send(String name, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        try {
            Process kill = new ProcessBuilder(command).inheritIO().start();
            if (!kill.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("does not end: " + command);
            }
        } catch (Exception e) {
            throw new AssertionError(command.toString(), e);
        }
    }
}
