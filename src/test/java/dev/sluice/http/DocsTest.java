package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract and its page come whole from the node. */
@Tag("contract")
class DocsTest {

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(TestPostgres.freshDatabase(), "http.instances=1");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Reply get(String target) {
        try (HttpSocket client = new HttpSocket(node.port())) {
            return client.send(HttpSocket.get(target)).read();
        }
    }

    @Test
    void theContractIsServedAsItStands() {
        Reply reply = get("/openapi.yaml");
        assertEquals(200, reply.status());
        assertEquals("application/yaml", reply.header("content-type"));
        assertEquals(new Contract().text(), reply.body());
    }

    @Test
    void thePageLoadsNothingFromElsewhere() {
        Reply page = get("/docs");
        assertEquals(200, page.status());
        String policy = page.header("content-security-policy");
        assertTrue(policy.startsWith("default-src 'none'") && !policy.contains("unsafe"), policy);
        assertFalse(page.body().contains("//"), "no address of anybody");
        assertFalse(
                Pattern.compile("<script>|<style|style=|onload=")
                        .matcher(page.body())
                        .find(),
                "nothing inline");
        List<String> parts = Pattern.compile("(?:src|href)=\"(docs/[^\"]+)\"")
                .matcher(page.body())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertEquals(3, parts.size());
        for (String part : parts) {
            Reply reply = get("/" + part);
            assertEquals(200, reply.status(), part);
            assertFalse(reply.body().isEmpty());
            boolean versioned = part.contains("5.34.1");
            assertEquals(versioned, reply.header("cache-control").contains("immutable"), part);
        }
    }

    private static String ifNoneMatch(String tags) {
        return HttpSocket.get("/docs").replace("\r\n\r\n", "\r\nIf-None-Match: " + tags + "\r\n\r\n");
    }

    @Test
    void whatTheClientHasIsNotSentAgain() {
        String etag = get("/docs").header("etag");
        try (HttpSocket client = new HttpSocket(node.port())) {
            for (String known : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
                Reply reply = client.send(ifNoneMatch(known)).readHead();
                assertEquals(304, reply.status(), known);
                assertEquals(etag, reply.header("etag"));
            }
            assertEquals(
                    200, client.send(ifNoneMatch("\"other\", W/\"x\"")).read().status());
            assertEquals(404, client.send(HttpSocket.get("/docs/")).read().status());
        }
    }
}
