package dev.sluice.extension;

import org.jspecify.annotations.Nullable;

/** Why an extension cannot be loaded, and what mends it. */
final class ExtensionProblem extends Exception {

    private static final long serialVersionUID = 1L;

    private final String mend;

    ExtensionProblem(String what, String mend) {
        this(what, mend, null);
    }

    /** @param cause null where it says no more */
    ExtensionProblem(String what, String mend, @Nullable Throwable cause) {
        super(what, cause);
        this.mend = mend;
    }

    /** What to do about it. */
    String mend() {
        return mend;
    }

    /** Both, in one line. */
    String line() {
        return getMessage() + ": " + mend;
    }
}
