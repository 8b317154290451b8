package dev.sluice.http;

import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.listener.request.PiecewiseAnswer;
import dev.sluice.listener.request.PiecewiseAnswer.Pieces;
import dev.sluice.listener.request.Reply;
import dev.sluice.quota.Excess;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told.
 *
 * @param status HTTP status
 * @param mediaType of the body; empty where there is none
 * @param body whole, or empty where there are pieces
 * @param pieces of a body that is made while it is sent, or null
 * @param location of the order, or null
 * @param replayed the original of an earlier request with the same key and content
 * @param retryAfterSeconds 0 where a retry is not invited
 * @param allow methods that the resource knows, or null
 * @param last the connection ends with this answer
 */
record Answer(
        int status,
        CharSequence mediaType,
        Buffer body,
        @Nullable Pieces pieces,
        @Nullable String location,
        boolean replayed,
        int retryAfterSeconds,
        @Nullable String allow,
        boolean last) {

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NDJSON = HttpHeaders.createOptimized("application/x-ndjson");
    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized(Problem.MEDIA_TYPE);
    private static final CharSequence REPLAYED = HttpHeaders.createOptimized("Idempotent-Replayed");
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

    private static final int NOT_MODIFIED = 304;

    private static Answer whole(int status, CharSequence mediaType, Buffer body) {
        return new Answer(status, mediaType, body, null, null, false, 0, null, false);
    }

    static Answer order(int status, Buffer document) {
        return whole(status, JSON, document);
    }

    static Answer stored(int status, Buffer document, String location, boolean replayed) {
        return new Answer(status, JSON, document, null, location, replayed, 0, null, false);
    }

    static Answer results(int status, Buffer lines, int retryAfterSeconds) {
        return new Answer(status, NDJSON, lines, null, null, false, retryAfterSeconds, null, false);
    }

    /** The same where there are too many lines to write them all at once. */
    static Answer results(int status, Pieces lines, int retryAfterSeconds) {
        return new Answer(status, NDJSON, Buffer.buffer(0), lines, null, false, retryAfterSeconds, null, false);
    }

    static Answer page(CharSequence mediaType, Buffer body) {
        return whole(200, mediaType, body);
    }

    static Answer empty(int status) {
        return whole(status, "", Buffer.buffer(0));
    }

    /** The page is elsewhere. */
    static Answer redirect(int status, String location) {
        return new Answer(status, "", Buffer.buffer(0), null, location, false, 0, null, false);
    }

    /** The client has the page already. */
    static Answer notModified(CharSequence mediaType) {
        return whole(NOT_MODIFIED, mediaType, Buffer.buffer(0));
    }

    static Answer problem(Problem problem) {
        return problem(problem, 0);
    }

    static Answer problem(Problem problem, int retryAfterSeconds) {
        return new Answer(
                problem.status(), PROBLEM_JSON, problem.buffer(), null, null, false, retryAfterSeconds, null, false);
    }

    /** It is more than its account may submit. */
    static Answer excess(Excess excess) {
        ProblemType type = excess.isForGood() ? ProblemType.BULK_EXCEEDS_QUOTA : ProblemType.QUOTA_EXCEEDED;
        return problem(Problem.of(type, excess.detail()), excess.retryAfterSeconds());
    }

    static Answer methodNotAllowed(String allow) {
        Problem problem = Problem.methodNotAllowed(allow);
        return new Answer(405, PROBLEM_JSON, problem.buffer(), null, null, false, 0, allow, false);
    }

    /** The same, and the connection ends with it. */
    Answer andClose() {
        return last
                ? this
                : new Answer(status, mediaType, body, pieces, location, replayed, retryAfterSeconds, allow, true);
    }

    /** Whether it is sent in one turn; else piece by piece, as the client takes it. */
    boolean isSentAtOnce(boolean withBody) {
        return !withBody || (pieces == null && body.length() <= PiecewiseAnswer.PIECE_BYTES);
    }

    /** Whether only the end of the connection could tell an HTTP/1.0 client where the body ends. */
    boolean hasUnknownLength() {
        return pieces != null;
    }

    /** Sends it, without the body where the request was a HEAD. The result stands when the connection has taken it. */
    Future<Void> send(Reply reply, boolean withBody) {
        putHead(reply);
        if (withBody) {
            return reply.end(body);
        }
        if (status != NOT_MODIFIED) { // whose length would be that of the page
            reply.header(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        }
        return reply.end();
    }

    /** The same for one that is not sent at once. */
    Future<Void> sendPieces(PieceTurns turns, Reply reply) {
        putHead(reply);
        if (pieces == null) {
            reply.header(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        }
        return PiecewiseAnswer.send(turns, reply, pieces == null ? Pieces.of(body) : pieces);
    }

    private void putHead(Reply reply) {
        if (!mediaType.isEmpty()) {
            reply.header(HttpHeaders.CONTENT_TYPE, mediaType);
        }
        if (location != null) {
            reply.header(HttpHeaders.LOCATION, location);
        }
        if (replayed) {
            reply.header(REPLAYED, TRUE);
        }
        if (retryAfterSeconds > 0) {
            reply.header(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
        }
        if (allow != null) {
            reply.header(HttpHeaders.ALLOW, allow);
        }
        if (last) {
            reply.header(HttpHeaders.CONNECTION, CLOSE);
        }
    }
}
