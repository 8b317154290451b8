package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.NodeProcess.Manner;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hostile bytes at a node under a recorded load: refused or ended, nothing of them stored, and no other client hurt. */
class NodeHostileTest {

    private static final int ROUNDS = 5;
    private static final int DRIPPING = 20;

    private static final String KEY = "{\"clientOrderId\":\"hostile\",";
    private static final String REST =
            "\"customerId\":\"c\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1\"}]}";
    private static final String ORDER = KEY + REST;

    private static String post(String headers, String body) {
        return "POST /orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + headers + "\r\n" + body;
    }

    private static String sized(String body) {
        return post("Content-Length: " + body.length() + "\r\n", body);
    }

    private static Map<String, String> attacks() {
        Map<String, String> attacks = new TreeMap<>();
        attacks.put("two framings", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", ORDER));
        attacks.put("two lengths", post("Content-Length: 5\r\nContent-Length: " + ORDER.length() + "\r\n", ORDER));
        attacks.put("a negative length", post("Content-Length: -1\r\n", ORDER));
        attacks.put("bare line feeds", sized(ORDER).replace("Host: localhost\r\n", "Host: localhost\n\rA: b\n"));
        attacks.put(
                "a huge header",
                sized(ORDER).replace("Host: localhost", "Host: localhost\r\nA: " + "a".repeat(100_000)));
        attacks.put("a huge line", "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        attacks.put("a huge length", post("Content-Length: 100000000\r\n", "x".repeat(200_000)));
        attacks.put("a bad chunk", post("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFFF\r\n" + ORDER));
        attacks.put("half a body", sized(ORDER).substring(0, sized(ORDER).length() - 10));
        attacks.put("noise", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000" + "\u00ff".repeat(1_000));
        attacks.put("silence", "x".repeat(100_000));
        attacks.put("a nul", sized(KEY + REST.replace("\"c\"", "\"c\\u0000\"")));
        attacks.put("no UTF-8", sized(KEY + REST.replace("\"c\"", "\"\u00ff\u00fe\"")));
        attacks.put("a key twice", sized(KEY + "\"customerId\":\"d\"," + REST));
        attacks.put("a depth bomb", sized(KEY + "\"attributes\":" + "[".repeat(30_000)));
        attacks.put("a number bomb", sized(KEY + "\"attributes\":{\"n\":1e999999999}," + REST));
        attacks.put("a long number", sized(KEY + "\"attributes\":{\"n\":" + "9".repeat(60_000) + "}," + REST));
        attacks.put("two orders", sized(ORDER + ORDER));
        return attacks;
    }

    /** What came back, to the end of the connection; empty where it was ended without a word. */
    private static String answer(int port, String bytes) {
        try (HttpSocket socket = new HttpSocket(port)) {
            try {
                socket.send(bytes).endOutput();
            } catch (UncheckedIOException reset) {
                return "";
            }
            return socket.readToTheEnd();
        }
    }

    private static HttpSocket dripping(int port) {
        return new HttpSocket(port).send(sized(ORDER).substring(0, 200));
    }

    @Fault("hostile-http")
    void hostileClientsDoNotHarmOthers() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            rig.serve(rig.place, Manner.withFlags("-XX:+ExitOnOutOfMemoryError"), NodeRig.PATIENT);
            Load load = rig.load();
            List<HttpSocket> slow = new ArrayList<>();
            for (int i = 0; i < DRIPPING; i++) {
                slow.add(dripping(rig.place.port()));
            }
            int answered = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (Map.Entry<String, String> attack : attacks().entrySet()) {
                    String answer = answer(rig.place.port(), attack.getValue());
                    assertTrue(
                            answer.isEmpty() || answer.matches("(?s)HTTP/1\\.[01] 4.*"),
                            attack.getKey() + ": " + answer);
                    answered += answer.isEmpty() ? 0 : 1;
                }
                load.awaitMore(50, End.COMMITTED);
            }
            assertTrue(answered >= ROUNDS * 10, "void: most were ended without an answer: " + answered);
            slow.forEach(HttpSocket::close);
            load.awaitMore(100, End.COMMITTED);
            rig.verifyUnhurt();
            assertEquals("0", rig.sqlText("select count(*)::text from orders where client_order_id = 'hostile'"));
        }
    }
}
