package dev.sluice.load.run;

import java.util.function.Consumer;

/**
 * One client of a run: a connection, or one place for a message. At most one request is on its way; when its answer is
 * there, or will never be, the line takes the next one. Used on the loop of the run, which it tells what happens: {@link
 * LoadRun#opened}, {@link LoadRun#answered}, {@link LoadRun#free} and {@link LoadRun#closed}.
 */
public interface Line {

    /** Makes it ready for requests: {@link LoadRun#opened} follows, or the failure is told. */
    void open(Consumer<Throwable> onFailure);

    /** The orders of the request on its way, or of the last one. */
    Shipment shipment();

    /** Whether it can take a request. */
    boolean isFree();

    /** Whether a request has no answer yet. */
    boolean isWaiting();

    /** Makes the request of what is in {@link #shipment()}; it leaves with {@link #flush()}. */
    void stage();

    void flush();

    /** Waits no longer for the answer that it waits for. */
    void giveUp();

    /** Seconds that the last answer asks a client to wait; 0 where it does not. */
    int retryAfterSeconds();

    /** Tells what the answer just read says of each order. */
    void tell(AnswerReader reader, AnswerReader.Sink sink);

    /** Ends it; what is on its way is then lost. */
    void close();
}
