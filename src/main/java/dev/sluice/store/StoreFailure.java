package dev.sluice.store;

import dev.sluice.order.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a store did not do what it was asked, and what that says about the orders it was sent. */
public class StoreFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(StoreFailure.class);

    /** What a failure says about the orders that were sent. */
    public enum Kind {
        /** Nothing was stored; trying again later may succeed. */
        NOT_STORED,
        /** It may have been stored; only a look-up can tell. */
        UNKNOWN,
        /** Nothing was stored, and a retry is of no use: data, a constraint, a trigger or another order forbids it. */
        REFUSED
    }

    private final Kind kind;
    private final String reason;

    public StoreFailure(Kind kind, String reason) {
        this(kind, reason, reason);
    }

    /**
     * A failure with words of the server.
     *
     * @param text the message, for the log and the dead letter; clients hear the reason alone
     */
    protected StoreFailure(Kind kind, String reason, String text) {
        super(text, null, false, false);
        this.kind = kind;
        this.reason = reason;
    }

    /** What clients hear. */
    public String reason() {
        return reason;
    }

    public Kind kind() {
        return kind;
    }

    /** A failure that stored nothing. */
    public static StoreFailure notStored(String message) {
        return new StoreFailure(Kind.NOT_STORED, message);
    }

    /** A failure that leaves open what was stored. */
    public static StoreFailure unknown(String message) {
        return new StoreFailure(Kind.UNKNOWN, message);
    }

    /** The failure itself; unknown where a store failed in a way that it does not declare. */
    public static StoreFailure of(Throwable error) {
        if (error instanceof StoreFailure failure) {
            return failure;
        }
        LOG.warn("a store failed in a way that it does not declare: {}", error.toString());
        return unknown("the store failed");
    }

    /** What the orders that were sent hear. */
    public Outcome outcome() {
        return switch (kind) {
            case REFUSED -> new Outcome.Refused(reason, String.valueOf(getMessage()));
            case NOT_STORED -> new Outcome.NotStored(reason);
            case UNKNOWN -> new Outcome.Unknown(reason);
        };
    }
}
