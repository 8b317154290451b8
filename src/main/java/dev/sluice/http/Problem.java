package dev.sluice.http;

import dev.sluice.order.Faults.Fault;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem.
 *
 * @param status HTTP status
 * @param code stable name for programs
 * @param title the same for people, one per code
 * @param detail what is wrong here and what mends it
 * @param errors the faults of a bad order; empty otherwise
 * @param id of the order whose outcome is unknown, to ask for; null otherwise
 */
public record Problem(
        int status,
        String code,
        String title,
        String detail,
        List<Fault> errors,
        @Nullable UUID id) {

    static Problem of(int status, String code, String title, String detail) {
        return new Problem(status, code, title, detail, List.of(), null);
    }

    static Problem invalidOrder(List<Fault> errors) {
        String detail = errors.size() == 1
                ? "The order has a fault: " + errors.get(0).detail()
                : "The order has " + errors.size() + " faults; see errors.";
        return new Problem(400, "invalid_order", "Not a valid order", detail, errors, null);
    }

    static Problem badRequest(String detail) {
        return of(400, "bad_request", "Bad request", detail);
    }

    static Problem notFound(String detail) {
        return of(404, "not_found", "Not found", detail);
    }

    static Problem tooLarge(int bodyBytesMax) {
        return of(413, "body_too_large", "Body too large", "An order may have at most " + bodyBytesMax + " bytes.");
    }

    static Problem bulkTooLarge(int bodyBytesMax) {
        return of(
                413,
                "body_too_large",
                "Body too large",
                "A bulk request may have at most " + bodyBytesMax
                        + " bytes; nothing of it was stored. Send it in parts.");
    }

    static Problem tooManyOrders(int ordersMax) {
        return of(
                413,
                "too_many_orders",
                "Too many orders",
                "A bulk request may have at most " + ordersMax
                        + " orders; nothing of it was stored. Send it in parts.");
    }

    static Problem invalidBatch(String detail) {
        return of(400, "invalid_batch", "Not a list of orders", detail + " Nothing of it was stored.");
    }

    static Problem unsupportedMediaType(String detail) {
        return of(415, "unsupported_media_type", "Unsupported media type", detail);
    }

    static Problem keyReused() {
        return of(
                422,
                "client_order_id_reused",
                "Client order id reused",
                "Another order is stored or queued under this client order id. Send this one under a new id.");
    }

    static Problem refused(String reason) {
        return of(422, "order_refused", "Order refused", "The database will never take this order: " + reason);
    }

    static Problem notStored(String reason) {
        return of(503, "not_stored", "Not stored", "No store has this order; send it again later: " + reason + ".");
    }

    static Problem unknown(UUID id, String reason) {
        String detail = "The order may still appear: " + reason + ". GET /orders/" + id
                + ", or send it again with the same client order id.";
        return new Problem(503, "outcome_unknown", "Outcome unknown", detail, List.of(), id);
    }

    static Problem storesUnreachable() {
        return of(
                503,
                "stores_unreachable",
                "Stores unreachable",
                "Not every store answered, so nobody knows whether the order exists. Ask again later.");
    }

    static Problem internal() {
        return of(500, "internal_error", "Internal error", "Sluice failed; its log says why.");
    }
}
