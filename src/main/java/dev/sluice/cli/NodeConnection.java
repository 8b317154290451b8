package dev.sluice.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * Asks one listener of a running node. Blocks, at most {@value #CONNECT_SECONDS} s to connect and
 * {@value #ANSWER_SECONDS} s for an answer.
 *
 * @param listener what it is, for people
 * @param option names it on the command line, for the person who reads that nothing answers
 */
record NodeConnection(URI url, String listener, String option) {

    private static final int CONNECT_SECONDS = 5;
    private static final int ANSWER_SECONDS = 40; // longer than `Prefer: wait` may ask for

    /** The answer, whatever its status; a {@link CliException} with exit code 4 where there is none. */
    HttpResponse<String> send(String method, String target, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(target))
                .timeout(Duration.ofSeconds(ANSWER_SECONDS))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request.build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(CONNECT_SECONDS))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            String why = e.getMessage() == null ? "connection refused" : e.getMessage();
            throw new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE,
                    "no node answers at " + url + ": " + why + "; is it running? " + option + " gives another address",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCodes.FAILED, "interrupted while waiting for " + url, e);
        }
    }

    /** That something answers there, but no node. */
    CliException isNoNode(int status) {
        return new CliException(
                ExitCodes.FAILED,
                "what answers " + status + " at " + url + " is no " + listener + " of Sluice; " + option
                        + " gives its address");
    }
}
