package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.rig.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which connections are read from while bulk bodies come in. */
@Tag("contract")
@Timeout(30)
class BodyTurnsTest {

    private static final int WHOLE_TURN = BodyTurns.TURN_BYTES + 1;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> reads = new ArrayList<>(); // on the loop
    private BodyTurns turns;

    @BeforeEach
    void turns() {
        turns = new BodyTurns(vertx, (connection, on) -> reads.add((on ? "on " : "off ") + connection));
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private static HttpConnection connection(String name) {
        return (HttpConnection) Proxy.newProxyInstance(
                HttpConnection.class.getClassLoader(),
                new Class<?>[] {HttpConnection.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "toString" -> name;
                    case "hashCode" -> name.hashCode();
                    default -> self == arguments[0];
                });
    }

    private <T> T onLoop(Callable<T> action) {
        return Await.result(vertx.getOrCreateContext().<T>executeBlocking(action, true));
    }

    private List<String> afterThat(Runnable action) {
        onLoop(() -> {
            action.run();
            return true;
        });
        Await.until("each is read from again", () -> count("on ") == count("off "));
        return onLoop(() -> List.copyOf(reads));
    }

    private long count(String prefix) {
        return onLoop(
                () -> reads.stream().filter(read -> read.startsWith(prefix)).count());
    }

    @Test
    void withinATurnNothingStops() {
        assertEquals(List.of(), afterThat(() -> turns.gave(connection("a"), BodyTurns.TURN_BYTES)));
    }

    @Test
    void aConnectionThatGivesMoreThanATurnWaitsForOneTurn() {
        HttpConnection connection = connection("a");
        assertEquals(List.of("off a", "on a"), afterThat(() -> {
            turns.gave(connection, WHOLE_TURN);
            turns.gave(connection, 1);
            turns.gave(connection, 1);
        }));
    }

    @Test
    void aBodyThatIsWholeIsReadFromAtOnceAndNotAgain() {
        HttpConnection connection = connection("a");
        assertEquals(List.of("off a", "on a"), afterThat(() -> {
            turns.gave(connection, WHOLE_TURN);
            turns.over(connection);
            turns.over(connection);
        }));
    }

    @Test
    void thoseThatWaitComeInTheOrderInWhichTheyStopped() {
        List<String> expected = new ArrayList<>();
        List<HttpConnection> connections = new ArrayList<>();
        for (int i = 0; i < 3 * BodyTurns.TURN_CONNECTIONS; i++) {
            connections.add(connection("c" + i));
            expected.add("off c" + i);
        }
        connections.forEach(connection -> expected.add("on " + connection));
        assertEquals(expected, afterThat(() -> connections.forEach(connection -> turns.gave(connection, WHOLE_TURN))));
    }
}
