package dev.sluice.bus.json;

import dev.sluice.listener.Problem;

/** A message of which nothing was stored, as a whole. */
final class SubmitRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    /** In front of the seconds, at the end of what a member hears: its failure has a code and a text, nothing else. */
    static final String RETRY = "; retryAfterSeconds=";

    private final int status;
    private final int retryAfterSeconds;

    /** @param retryAfterSeconds when to send it again; 0 where that would not help */
    SubmitRefusedException(Problem problem, int retryAfterSeconds) {
        super(problem.type().code() + ": " + problem.detail(), null, false, false);
        this.status = problem.status();
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** As HTTP would say it: the failure code of the reply. */
    int status() {
        return status;
    }

    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** The text of the failure that a member of the cluster hears. */
    String textForMembers() {
        return getMessage() + (retryAfterSeconds == 0 ? "" : RETRY + retryAfterSeconds);
    }

    /** The seconds in such a text; 0 where it has none. */
    static int retryAfterSeconds(String text) {
        int at = text.lastIndexOf(RETRY);
        String digits = at < 0 ? "" : text.substring(at + RETRY.length());
        return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
    }
}
