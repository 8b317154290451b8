package dev.sluice.bus.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the clients of {@code cluster/clients} send again and what not, and how long they follow: against a scripted bridge. */
@Tag("process")
@Timeout(60)
class ClientRetriesTest {

    private static final Path CLIENTS = Path.of("cluster/clients").toAbsolutePath();
    private static final String END = "end";
    private static final String KEYED = "{\"clientOrderId\":\"k1\"}";
    private static final String KEYED_TOO = "{\"clientOrderId\":\"k2\"}";
    private static final String KEYLESS = "{\"customerId\":\"c\"}";
    private static final String STORED = "{\"line\":1,\"status\":201}";
    private static final String NOT_STORED = "{\"line\":1,\"status\":503,\"code\":\"not_stored\"}";
    private static final String UNKNOWN = "{\"line\":1,\"status\":503,\"code\":\"outcome_unknown\"}";
    private static final String COMMIT = "{\"type\":\"message\",\"address\":\"orders.committed\",\"body\":"
            + "{\"account\":\"default\",\"orders\":[{\"clientOrderId\":\"heard\"}]}}";

    /** The languages, each with a program that submits and one that follows. */
    enum Language {
        NODE_JS("""
                import { Sluice } from '%s/sluice.mjs';
                const sluice = await Sluice.connect({ port: %d, attempts: 3 });
                try {
                  const results = [await sluice.submit(%s)].flat();
                  console.log(results.map((result) => result.line + ':' + result.status).join(' '));
                } catch (error) {
                  console.log('failed');
                }
                sluice.close();
                """, """
                import { Sluice } from '%s/sluice.mjs';
                const sluice = await Sluice.connect({ port: %d, pingMs: 50 });
                await sluice.onCommitted((batch) => {
                  console.log(batch.orders[0].clientOrderId);
                  sluice.close();
                });
                """, "node", "--input-type=module --eval"),
        PYTHON("""
                import sys
                sys.path.insert(0, '%s')
                sys.dont_write_bytecode = True
                from sluice import Sluice
                with Sluice(port=%d, attempts=3) as client:
                    try:
                        results = client.submit(%s)
                        results = results if isinstance(results, list) else [results]
                        print(*(f"{result['line']}:{result['status']}" for result in results))
                    except Exception:
                        print('failed')
                """, """
                import sys
                sys.path.insert(0, '%s')
                sys.dont_write_bytecode = True
                from sluice import Sluice
                with Sluice(port=%d, ping_seconds=0.05) as client:
                    print(next(client.committed())['orders'][0]['clientOrderId'])
                """, "python3", "-c");

        private final String submits;
        private final String follows;
        private final String program;
        private final String options;

        Language(String submits, String follows, String program, String options) {
            this.submits = submits;
            this.follows = follows;
            this.program = program;
            this.options = options;
        }

        String run(String source) throws Exception {
            return ClientsTest.run(Stream.of(Stream.of(program), Stream.of(options.split(" ", -1)), Stream.of(source))
                    .flatMap(parts -> parts)
                    .toArray(String[]::new));
        }
    }

    /** A bridge that answers each frame with what its script says: a frame, nothing, or the end of the connection. */
    private static final class Bridge implements AutoCloseable {

        private final ServerSocket listening;
        private final List<JsonObject> heard = new CopyOnWriteArrayList<>();
        private final List<String> ended = new CopyOnWriteArrayList<>();
        private final Function<JsonObject, String> script;

        Bridge(Function<JsonObject, String> script) throws IOException {
            this.script = script;
            this.listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(this::serve, "scripted bridge");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            while (!listening.isClosed()) {
                try (Socket client = listening.accept()) {
                    talk(new DataInputStream(client.getInputStream()), new DataOutputStream(client.getOutputStream()));
                } catch (IOException gone) {
                    ended.add(String.valueOf(gone.getMessage()));
                }
            }
        }

        private void talk(DataInputStream in, DataOutputStream out) throws IOException {
            String answer = "";
            while (!answer.equals(END)) {
                JsonObject frame = new JsonObject(new String(in.readNBytes(in.readInt()), UTF_8));
                heard.add(frame);
                answer = script.apply(frame);
                if (answer.startsWith("{")) {
                    byte[] bytes = answer.getBytes(UTF_8);
                    out.writeInt(bytes.length);
                    out.write(bytes);
                }
            }
        }

        /** Bodies of the messages that were sent to it. */
        List<String> bodies() {
            return heard.stream()
                    .filter(frame -> frame.getString("type").equals("send"))
                    .map(frame -> frame.getValue("body"))
                    .map(body -> body instanceof JsonArray array ? array.encode() : ((JsonObject) body).encode())
                    .toList();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    private static Function<JsonObject, String> answering(String... answers) {
        Deque<String> left = new ArrayDeque<>(Arrays.asList(answers));
        return frame -> {
            String answer = left.isEmpty() ? END : left.remove();
            return answer.replace("REPLY", String.valueOf(frame.getString("replyAddress")));
        };
    }

    private static String results(String body) {
        return "{\"type\":\"message\",\"address\":\"REPLY\",\"headers\":{\"retry-after\":\"0\"},\"body\":" + body + "}";
    }

    private static String refusal(int code, String more) {
        return "{\"type\":\"err\",\"address\":\"REPLY\",\"failureCode\":" + code
                + ",\"failureType\":\"RECIPIENT_FAILURE\",\"message\":\"c: d\"" + more + "}";
    }

    /** One conversation: what is submitted, what the bridge answers in turn, what the program says, what was sent. */
    private record Talk(String submitted, List<String> answers, String said, List<String> sent) {}

    private static Stream<Talk> talks() {
        String later = ",\"retryAfterSeconds\":1";
        String three = "[" + KEYED + "," + KEYLESS + "," + KEYED_TOO + "]";
        return Stream.of(
                new Talk(KEYED, List.of(refusal(429, later), results(STORED)), "1:201", List.of(KEYED, KEYED)),
                new Talk(KEYLESS, List.of(refusal(503, later), results(STORED)), "1:201", List.of(KEYLESS, KEYLESS)),
                new Talk(KEYED, List.of(refusal(400, "")), "failed", List.of(KEYED)),
                new Talk(KEYED, List.of(refusal(500, ""), results(STORED)), "1:201", List.of(KEYED, KEYED)),
                new Talk(KEYLESS, List.of(refusal(500, "")), "failed", List.of(KEYLESS)),
                new Talk(KEYED, List.of(END, results(STORED)), "1:201", List.of(KEYED, KEYED)),
                new Talk(KEYLESS, List.of(END), "failed", List.of(KEYLESS)),
                new Talk(KEYLESS, List.of(results(NOT_STORED), results(STORED)), "1:201", List.of(KEYLESS, KEYLESS)),
                new Talk(KEYLESS, List.of(results(UNKNOWN)), "1:503", List.of(KEYLESS)),
                new Talk(
                        three,
                        List.of(
                                results("[" + STORED + "," + UNKNOWN + "," + UNKNOWN + "]"),
                                results("[" + STORED + "]")),
                        "1:201 2:503 3:201",
                        List.of(three, "[" + KEYED_TOO + "]")),
                new Talk(
                        three,
                        List.of(results("[" + STORED + "," + STORED + "," + UNKNOWN + "]"), refusal(400, "")),
                        "1:201 2:201 3:503",
                        List.of(three, "[" + KEYED_TOO + "]")));
    }

    private static void holds(Language language, Talk talk) throws Exception {
        try (Bridge bridge = new Bridge(answering(talk.answers().toArray(String[]::new)))) {
            String program = language.submits.formatted(CLIENTS, bridge.listening.getLocalPort(), talk.submitted());
            assertEquals(talk.said(), language.run(program), talk::toString);
            assertEquals(talk.sent(), bridge.bodies(), () -> talk + ", connections ended: " + bridge.ended);
        }
    }

    @ParameterizedTest
    @MethodSource("talks")
    void theNodeJsClientSendsAgainWhatItSurelyMay(Talk talk) throws Exception {
        holds(Language.NODE_JS, talk);
    }

    @ParameterizedTest
    @MethodSource("talks")
    void thePythonClientSendsAgainWhatItSurelyMay(Talk talk) throws Exception {
        holds(Language.PYTHON, talk);
    }

    /** The bridge ends a connection that is silent; a follower has nothing to say but that. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void aFollowerIsNeverSilentForLong(Language language) throws Exception {
        AtomicInteger pings = new AtomicInteger();
        Function<JsonObject, String> script =
                frame -> frame.getString("type").equals("ping") && pings.incrementAndGet() == 2 ? COMMIT : "";
        try (Bridge bridge = new Bridge(script)) {
            String program = language.follows.formatted(CLIENTS, bridge.listening.getLocalPort());
            assertEquals("heard", language.run(program));
        }
    }

    /** Python's tells its caller. */
    @ParameterizedTest
    @EnumSource(value = Language.class, names = "NODE_JS")
    void aFollowerWhoseConnectionEndsFollowsOn(Language language) throws Exception {
        AtomicInteger registered = new AtomicInteger();
        Function<JsonObject, String> script = frame -> {
            boolean registers = frame.getString("type").equals("register");
            return registers ? (registered.incrementAndGet() == 1 ? END : COMMIT) : "";
        };
        try (Bridge bridge = new Bridge(script)) {
            String program = language.follows.formatted(CLIENTS, bridge.listening.getLocalPort());
            assertEquals("heard", language.run(program));
        }
    }
}
