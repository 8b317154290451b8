package dev.sluice.cli;

/** A verb that cannot do its work for a reason the user can mend: printed as one line, without a stack trace. */
public final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * With what happened, where, why, and the command or key that mends it.
     *
     * @param exitCode one of {@link ExitCodes}
     */
    public CliException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The same, keeping the cause for a debugger. */
    public CliException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
