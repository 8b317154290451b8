package dev.sluice.store;

/**
 * A store that was given takes no orders as it is, and trying again is of no use before somebody changes it. Where it is
 * met at a start, the start is refused. The message has what is wrong and the mend, in one line.
 */
public class UnfitStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String mend;

    /**
     * With what mends it.
     *
     * @param what the store, what is wrong with it, and why
     * @param mend what to do, best as statements to paste
     */
    public UnfitStoreException(String what, String mend) {
        super(what + ". " + mend, null, false, false);
        this.what = what;
        this.mend = mend;
    }

    /** What is wrong. */
    public String what() {
        return what;
    }

    /** What to do about it: where there is room, in a line of its own. */
    public String mend() {
        return mend;
    }
}
