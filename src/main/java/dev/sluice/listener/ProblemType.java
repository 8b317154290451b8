package dev.sluice.listener;

import java.util.Locale;

/** Every kind of problem that Sluice answers: its HTTP status and its title, which are the same wherever it appears. */
public enum ProblemType {
    BAD_REQUEST(400, "Bad request"),
    INVALID_ORDER(400, "Not a valid order"),
    INVALID_BATCH(400, "Not a list of orders"),
    BULK_EXCEEDS_QUOTA(400, "Bulk exceeds quota"),
    INVALID_INSTANCES(400, "Not valid instances"),
    INVALID_PARAMETER(400, "Not a valid parameter"),
    INVALID_REQUEST(400, "Invalid request"),
    UNAUTHENTICATED(401, "Unauthenticated"),
    INVALID_TOKEN(401, "Invalid token"),
    FOREIGN_ORIGIN(403, "Foreign origin"),
    INSUFFICIENT_SCOPE(403, "Insufficient scope"),
    NOT_FOUND(404, "Not found"),
    DEAD_LETTER_NOT_FOUND(404, "Dead letter not found"),
    OVERFLOW_DISABLED(404, "Overflow disabled"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    REQUEST_TIMEOUT(408, "Request timeout"),
    CHANGE_IN_PROGRESS(409, "Change in progress"),
    DEAD_LETTER_DISCARDED(409, "Dead letter discarded"),
    DEAD_LETTER_NOT_CHANGED(409, "Dead letter not changed"),
    BODY_TOO_LARGE(413, "Body too large"),
    TOO_MANY_ORDERS(413, "Too many orders"),
    URI_TOO_LONG(414, "URI too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    MISDIRECTED_REQUEST(421, "Misdirected request"),
    CLIENT_ORDER_ID_REUSED(422, "Client order id reused"),
    ORDER_REFUSED(422, "Order refused"),
    QUOTA_EXCEEDED(429, "Quota exceeded"),
    HEADERS_TOO_LARGE(431, "Headers too large"),
    INTERNAL_ERROR(500, "Internal error"),
    NOT_IMPLEMENTED(501, "Not implemented"),
    NOT_STORED(503, "Not stored"),
    OUTCOME_UNKNOWN(503, "Outcome unknown"),
    STORES_UNREACHABLE(503, "Stores unreachable"),
    EVENT_LOOP_BLOCKED(503, "Event loop blocked"),
    NOT_READY(503, "Not ready"),
    AUTH_UNAVAILABLE(503, "Authentication unavailable"),
    NOT_CHANGED(503, "Not changed"),
    OVERFLOW_UNAVAILABLE(503, "Overflow unavailable"),
    VERSION_NOT_SUPPORTED(505, "HTTP version not supported");

    private final int status;
    private final String title;
    private final String code = name().toLowerCase(Locale.ROOT);

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** For programs: the name in lower case, which never changes. */
    public String code() {
        return code;
    }
}
