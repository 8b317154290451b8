package dev.sluice.load.verify;

import dev.sluice.order.Fingerprint;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One place that is searched for a run's orders. */
public interface Source {

    /** What is told of each order that is found. */
    interface Sink {

        /**
         * An order is there. A place other than a row may tell of it more than once.
         *
         * @param id it is stored under
         * @param content recomputed from what is stored, or null where that is no order's content
         * @param stored the fingerprint that is stored beside it
         */
        void found(
                Place place,
                UUID id,
                String account,
                String clientOrderId,
                @Nullable Fingerprint content,
                Fingerprint stored);
    }

    /** There is no store, or none that lets us in. The message is whole and has no password. */
    final class Unreachable extends IOException {

        private static final long serialVersionUID = 1L;

        Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Tells of every order whose client order id begins so. Blocks; the sink is called by one thread at a time.
     *
     * @throws Unreachable where the store does not answer or refuses
     * @throws Exception where the place cannot be searched to its end
     */
    void search(String clientOrderIdPrefix, Sink sink) throws Exception;

    /** Where an order may be found. A 201 needs a row; a 202 any of them. */
    public enum Place {
        /** PostgreSQL. */
        ROW,
        /** The overflow. */
        QUEUED,
        /** A dead letter. */
        DEAD,
        /** What a discarded dead letter leaves. */
        TOMBSTONE
    }
}
