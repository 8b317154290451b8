package dev.sluice.order;

import dev.sluice.order.Faults.Fault;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the client of one order is told: an {@link Outcome}, or why the order never went to a store. HTTP answers, the
 * lines of a bulk answer and replies on the event bus are made of it.
 *
 * @param id of an acknowledged order, and of one whose outcome is unknown; null otherwise
 * @param replayed the same key and content was acknowledged before
 * @param reason what is wrong, without what mends it where the code says that; empty where the order is acknowledged
 * @param faults of a document that is no valid order; empty otherwise
 */
public record OrderResult(Code code, @Nullable UUID id, boolean replayed, String reason, List<Fault> faults) {

    /** What became of the order, and the HTTP status that says so. */
    public enum Code {
        COMMITTED(201),
        QUEUED(202),
        INVALID_ORDER(400),
        BODY_TOO_LARGE(413),
        CLIENT_ORDER_ID_REUSED(422),
        ORDER_REFUSED(422),
        NOT_STORED(503),
        OUTCOME_UNKNOWN(503);

        private final int status;
        private final String text = name().toLowerCase(Locale.ROOT);

        Code(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }

        /** For programs: the name in lower case, which never changes. */
        public String text() {
            return text;
        }
    }

    private static final OrderResult CONFLICT = failed(
            Code.CLIENT_ORDER_ID_REUSED,
            null,
            "Another order is stored or queued under this client order id. Send this one under a new id.");

    /** The result of the order with that id. */
    public static OrderResult of(UUID id, Outcome outcome) {
        if (outcome instanceof Outcome.Committed) {
            return acknowledged(Code.COMMITTED, id, false);
        } else if (outcome instanceof Outcome.Replayed) {
            return acknowledged(Code.COMMITTED, id, true);
        } else if (outcome instanceof Outcome.Queued queued) {
            return acknowledged(Code.QUEUED, id, queued.replayed());
        } else if (outcome instanceof Outcome.Conflict) {
            return conflict();
        } else if (outcome instanceof Outcome.Refused refused) {
            return failed(
                    Code.ORDER_REFUSED, null, "The database will never take this order: " + refused.reason() + ".");
        } else if (outcome instanceof Outcome.NotStored notStored) {
            return notStored(notStored.reason());
        } else if (outcome instanceof Outcome.Unknown unknown) {
            return unknown(id, unknown.reason());
        }
        throw new IllegalStateException("no result for " + outcome);
    }

    /** The result of a document that is no valid order. */
    public static OrderResult invalid(Faults faults) {
        List<Fault> all = faults.faults();
        String detail = all.size() == 1
                ? "The order has a fault: " + all.get(0).detail()
                : "The order has " + all.size() + " faults; see errors.";
        return new OrderResult(Code.INVALID_ORDER, null, false, detail, all);
    }

    /** The result of a document beyond the limit. */
    public static OrderResult tooLarge(int bytesMax) {
        return failed(Code.BODY_TOO_LARGE, null, "An order may have at most " + bytesMax + " bytes.");
    }

    /** The key belongs to an order of other content. */
    public static OrderResult conflict() {
        return CONFLICT;
    }

    /** No store was sent the order. */
    public static OrderResult notStored(String reason) {
        return failed(Code.NOT_STORED, null, reason);
    }

    private static OrderResult unknown(UUID id, String reason) {
        return failed(Code.OUTCOME_UNKNOWN, id, reason);
    }

    private static OrderResult acknowledged(Code code, UUID id, boolean replayed) {
        return new OrderResult(code, id, replayed, "", List.of());
    }

    private static OrderResult failed(Code code, @Nullable UUID id, String reason) {
        return new OrderResult(code, id, false, reason, List.of());
    }

    public int status() {
        return code.status;
    }

    /** What is wrong and what mends it; empty where the order is acknowledged. */
    public String detail() {
        return switch (code) {
            case NOT_STORED -> "No store has this order; send it again later: " + reason + ".";
            case OUTCOME_UNKNOWN ->
                "The order may still appear: " + reason + ". GET /orders/" + id
                        + ", or send it again with the same client order id.";
            default -> reason;
        };
    }

    /** Whether a store has the order. */
    public boolean isAcknowledged() {
        return code == Code.COMMITTED || code == Code.QUEUED;
    }

    /** Whether the order may be sent again as it is. */
    public boolean invitesRetry() {
        return code == Code.NOT_STORED || code == Code.OUTCOME_UNKNOWN;
    }

    /** The result of a later order with the same key and content. */
    public OrderResult repeated() {
        return isAcknowledged() ? new OrderResult(code, id, true, reason, faults) : this;
    }
}
