package dev.sluice.http;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends bulk requests with a client that shares nothing with Vert.x. Every method blocks. */
final class BulkClient {

    static final String NDJSON = "application/x-ndjson";
    static final String JSON = "application/json";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    BulkClient(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    /** What came back. */
    record Reply(HttpResponse<String> http) {

        int status() {
            return http.statusCode();
        }

        List<JsonObject> lines() {
            return http.body().lines().map(JsonObject::new).toList();
        }

        List<Integer> statuses() {
            return lines().stream().map(line -> line.getInteger("status")).toList();
        }

        String mediaType() {
            return http.headers().firstValue("Content-Type").orElse("");
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        JsonObject problem() {
            return new JsonObject(http.body());
        }
    }

    Reply ndjson(String... lines) throws Exception {
        return post("/orders/batch", NDJSON, String.join("\n", lines));
    }

    Reply array(String body) throws Exception {
        return post("/orders/batch", JSON, body);
    }

    Reply single(String body) throws Exception {
        return post("/orders", JSON, body);
    }

    Reply post(String path, String mediaType, String body, String... headers) throws Exception {
        return post(path, mediaType, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Reply post(String path, String mediaType, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", mediaType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return new Reply(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    Reply get(String path) throws Exception {
        return new Reply(client.send(
                HttpRequest.newBuilder(URI.create(base + path)).build(), HttpResponse.BodyHandlers.ofString()));
    }

    static String order(String key) {
        return order(key, 1);
    }

    static String order(String key, int quantity) {
        return "{\"clientOrderId\":\"" + key + "\"," + rest(quantity);
    }

    static String unkeyed() {
        return "{" + rest(1);
    }

    private static String rest(int quantity) {
        return "\"customerId\":\"c\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"quantity\":" + quantity
                + ",\"unitPrice\":\"1.50\"}]}";
    }
}
