package dev.sluice.cli;

/** What a verb tells the shell. Scripts rely on these. */
public final class ExitCodes {

    public static final int OK = 0;
    /** It was tried and did not work: port taken, data directory in use, a check that found something. */
    public static final int FAILED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** The configuration is wrong. */
    public static final int BAD_CONFIGURATION = 3;
    /** PostgreSQL, or another thing Sluice needs, cannot be reached. */
    public static final int DEPENDENCY_UNREACHABLE = 4;
    /** A load run or a tuning missed the threshold it was given. */
    public static final int THRESHOLD_MISSED = 99;

    /** Ctrl-C or SIGTERM ended a run early: what shells use for it. A node that is stopped so ends with 0. */
    public static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
