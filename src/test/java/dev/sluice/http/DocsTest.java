package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void theAdminListenerHasItsOwnContractAndPage() {
        try (OrderClient admin = node.admin()) {
            Reply page = admin.get("/docs");
            assertEquals(200, page.status());
            assertTrue(page.body().contains("data-listener=\"admin\""), page.body());
            assertEquals(get("/docs").header("content-security-policy"), page.header("content-security-policy"));
            assertTrue(get("/docs").body().contains("data-listener=\"orders\""));
            Pattern.compile("(?:src|href)=\"(docs/[^\"]+)\"")
                    .matcher(page.body())
                    .results()
                    .forEach(part -> {
                        assertEquals(200, admin.get("/" + part.group(1)).status(), part.group(1));
                    });
            String contract = admin.get("/openapi.yaml").body();
            assertTrue(contract.contains("\n  /admin/dead-letters:\n") && !contract.contains("\n  /orders:\n"));
            assertFalse(contract.contains("127.0.0.1:9090'"), "the page asks the listener that serves it");
        }
    }

    @Test
    void theRootAndTheOtherSpellingLeadToThePageOnBothListeners() {
        for (int port : new int[] {node.port(), node.adminPort()}) {
            for (String path : List.of("/", "/docs/", "/docs/?x=1")) {
                try (HttpSocket client = new HttpSocket(port)) {
                    Reply reply = client.send(HttpSocket.get(path)).read();
                    assertEquals(302, reply.status(), path);
                    assertEquals("/docs", reply.header("location"));
                    Reply head = client.send("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .readHead();
                    assertEquals(302, head.status());
                    int other = client.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read()
                            .status();
                    assertTrue(other == 404 || other == 405, path + ": " + other);
                }
            }
        }
    }

    private static String ifNoneMatch(String method, String tags) {
        return method + " /docs HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: " + tags + "\r\n\r\n";
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "GET, false", "HEAD, false"})
    void whatTheClientHasIsNotSentAgain(String method, boolean admin) {
        try (HttpSocket client = new HttpSocket(admin ? node.adminPort() : node.port())) {
            String etag = client.send(HttpSocket.get("/docs")).read().header("etag");
            for (String known : List.of(
                    etag,
                    "W/" + etag,
                    "\"other\", " + etag,
                    "\"other\"\r\nIf-None-Match: W/\"x\", " + etag,
                    "\"other\",," + etag,
                    "*")) {
                Reply reply = client.send(ifNoneMatch(method, known)).readHead();
                assertEquals(304, reply.status(), known);
                assertEquals(etag, reply.header("etag"));
                assertNull(reply.header("content-length"), "it would be that of the page");
            }
            String others = "\"other\", W/\"x\"\r\nIf-None-Match: \"y\"";
            assertEquals(200, client.send(ifNoneMatch("GET", others)).read().status());
        }
    }
}
