package dev.sluice.bus.json;

import dev.sluice.listener.Problem;

/** A message of which nothing was stored, as a whole. */
final class SubmitRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    SubmitRefusedException(Problem problem) {
        super(problem.type().code() + ": " + problem.detail(), null, false, false);
        this.status = problem.status();
    }

    /** As HTTP would say it: the failure code of the reply. */
    int status() {
        return status;
    }
}
