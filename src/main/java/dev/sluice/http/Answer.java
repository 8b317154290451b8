package dev.sluice.http;

import dev.sluice.listener.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told.
 *
 * @param status HTTP status
 * @param mediaType of the body; empty where there is none
 * @param body whole
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

    static Answer order(int status, Buffer document) {
        return new Answer(status, JSON, document, null, false, 0, null, false);
    }

    static Answer stored(int status, Buffer document, String location, boolean replayed) {
        return new Answer(status, JSON, document, location, replayed, 0, null, false);
    }

    static Answer results(int status, Buffer lines, int retryAfterSeconds) {
        return new Answer(status, NDJSON, lines, null, false, retryAfterSeconds, null, false);
    }

    static Answer page(CharSequence mediaType, Buffer body) {
        return new Answer(200, mediaType, body, null, false, 0, null, false);
    }

    static Answer empty(int status) {
        return new Answer(status, "", Buffer.buffer(0), null, false, 0, null, false);
    }

    /** The page is elsewhere. */
    static Answer redirect(int status, String location) {
        return new Answer(status, "", Buffer.buffer(0), location, false, 0, null, false);
    }

    /** The client has the page already. */
    static Answer notModified(CharSequence mediaType) {
        return new Answer(304, mediaType, Buffer.buffer(0), null, false, 0, null, false);
    }

    static Answer problem(Problem problem) {
        return problem(problem, 0);
    }

    static Answer problem(Problem problem, int retryAfterSeconds) {
        return new Answer(
                problem.status(), PROBLEM_JSON, problem.buffer(), null, false, retryAfterSeconds, null, false);
    }

    static Answer methodNotAllowed(String allow) {
        Problem problem = Problem.methodNotAllowed(allow);
        return new Answer(405, PROBLEM_JSON, problem.buffer(), null, false, 0, allow, false);
    }

    /** The same, and the connection ends with it. */
    Answer andClose() {
        return last ? this : new Answer(status, mediaType, body, location, replayed, retryAfterSeconds, allow, true);
    }

    /** Sends it, without the body where the request was a HEAD. The result stands when the connection has taken it. */
    Future<Void> send(HttpServerResponse response, boolean withBody) {
        response.setStatusCode(status);
        if (!mediaType.isEmpty()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, mediaType);
        }
        if (location != null) {
            response.putHeader(HttpHeaders.LOCATION, location);
        }
        if (replayed) {
            response.putHeader(REPLAYED, TRUE);
        }
        if (retryAfterSeconds > 0) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
        }
        if (allow != null) {
            response.putHeader(HttpHeaders.ALLOW, allow);
        }
        if (last) {
            response.putHeader(HttpHeaders.CONNECTION, CLOSE);
        }
        if (withBody) {
            return response.end(body);
        }
        return response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                .end();
    }
}
