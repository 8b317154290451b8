package dev.sluice.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** Answers what the decoder could not read as a request, and ends the connection. */
final class InvalidRequest {

    private InvalidRequest() {}

    static void answer(HttpServerRequest request, AccessLog accessLog) {
        Problem problem = problem(request.decoderResult());
        Answer.problem(problem).andClose().send(request.response(), true).onFailure(gone -> {});
        accessLog.refused(request, problem.status());
    }

    private static Problem problem(DecoderResult result) {
        if (result.cause() instanceof TooLongHttpLineException) {
            return Problem.of(414, "uri_too_long", "URI too long", "The request line is too long.");
        }
        if (result.cause() instanceof TooLongHttpHeaderException) {
            return Problem.of(431, "headers_too_large", "Headers too large", "The headers are too large.");
        }
        if (result.cause() instanceof RequestDecoder.UnknownVersion) {
            return Problem.of(505, "version_not_supported", "HTTP version not supported", "Speak HTTP/1.1.");
        }
        return Problem.badRequest("This is not an HTTP/1.1 request.");
    }
}
