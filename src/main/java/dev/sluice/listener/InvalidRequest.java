package dev.sluice.listener;

import dev.sluice.listener.http1.RequestDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Answers what the decoder could not read as a request, and ends the connection. */
public final class InvalidRequest {

    private InvalidRequest() {}

    /** The status that was answered. */
    public static int answer(HttpServerRequest request) {
        Problem problem = problem(request.decoderResult());
        request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.DATE, HttpDate.now())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(problem.buffer())
                .onFailure(gone -> {});
        return problem.status();
    }

    private static Problem problem(DecoderResult result) {
        if (result.cause() instanceof TooLongHttpLineException) {
            return Problem.of(ProblemType.URI_TOO_LONG, "The request line is too long.");
        }
        if (result.cause() instanceof TooLongHttpHeaderException) {
            return Problem.of(ProblemType.HEADERS_TOO_LARGE, "The headers are too large.");
        }
        if (result.cause() instanceof RequestDecoder.UnknownVersion) {
            return Problem.of(ProblemType.VERSION_NOT_SUPPORTED, "Speak HTTP/1.1.");
        }
        if (result.cause() instanceof RequestDecoder.LateHead) {
            return Problem.of(ProblemType.REQUEST_TIMEOUT, "The head of the request did not come whole in time.");
        }
        return Problem.badRequest("This is not an HTTP/1.1 request.");
    }
}
