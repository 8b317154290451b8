package dev.sluice.load.run;

/** An answer as it came. Valid until the line that got it takes its next request. */
public interface Response {

    /** HTTP status of the whole request. */
    int status();

    /** Whether it is the answer to an earlier request with the same key. */
    boolean isReplayed();

    /** From the head, where it is read there; else empty. */
    String orderId();

    /** The array the body lies in, up to {@link #bodyBytes()}. */
    byte[] body();

    int bodyBytes();
}
