package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.ConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("contract")
class ListenPortsTest {

    private static String refusal(String... keys) {
        return assertThrows(BindException.class, () -> ListenPorts.requireFree(TestConfig.of(keys)))
                .getMessage();
    }

    @Test
    void aTakenPortIsNamedWithItsFlag() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            for (String section : new String[] {"http", "admin"}) {
                String other = section.equals("http") ? "admin" : "http";
                String message = refusal(section + ".port=" + port, other + ".port=0");
                assertTrue(message.startsWith(section + ".port " + port + " is taken by another process"), message);
                assertTrue(message.contains("--" + section + "-port (0 takes any free one)"), message);
            }
        }
    }

    @Test
    void oneLeavesNothingBehind() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ListenPorts.requireFree(TestConfig.of("http.port=" + port, "admin.port=0"));
        ListenPorts.requireFree(TestConfig.of("http.port=" + port, "admin.port=0"));
    }

    @ParameterizedTest
    @CsvSource({
        "http.port=7777 admin.port=7777, http.port and admin.port are both 7777",
        "http.port=7777 admin.port=7777 http.host=localhost, http.port and admin.port are both 7777",
        "http.port=7777 admin.port=7777 admin.host=0.0.0.0, http.port and admin.port are both 7777",
        "http.port=5701 cluster.enabled=true, http.port and cluster.port are both 5701",
        "admin.port=5711 cluster.enabled=true, admin.port and cluster.busPort are both 5711",
        "bridge.enabled=true http.port=7000, http.port and bridge.port are both 7000",
    })
    void onePortForTwoIsSaid(String keys, String expected) {
        SluiceConfig config = TestConfig.of(keys.split(" "));
        String message = assertThrows(ConfigException.class, () -> ListenPorts.requireApart(config))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.port=0 admin.port=0",
                "http.port=5701",
                "http.port=7777 admin.port=7777 admin.host=10.0.0.1",
                "http.port=7777 admin.port=7777 http.instances=0",
            })
    void onePortIsEnoughWhereOneListens(String keys) {
        assertDoesNotThrow(() -> ListenPorts.requireApart(TestConfig.of(keys.split(" "))));
    }

    @ParameterizedTest
    @MethodSource
    void eachCauseHasItsMend(IOException said, String expected) {
        assertEquals(expected, ListenPorts.explained("http", "h", 80, said).getMessage());
    }

    static Stream<Arguments> eachCauseHasItsMend() {
        String permission = "http.port 80 is not for this user, as ports below 1024 mostly are: choose another with"
                + " --http-port, or grant CAP_NET_BIND_SERVICE";
        String address = "http.host h is no address of this machine (`ip address` lists them): set http.host to one,"
                + " or to 0.0.0.0 for all";
        return Stream.of(
                Arguments.of(new SocketException("Permission denied"), permission),
                Arguments.of(new IOException("bind(..) failed with error(-13): Permission denied"), permission),
                Arguments.of(new BindException("Cannot assign requested address"), address),
                Arguments.of(new IOException("bind(..) failed: Cannot assign requested address"), address),
                Arguments.of(
                        new IOException("odd"), "http.host h, http.port 80 cannot be listened on (odd): change one"));
    }

    @Test
    void aHostThatIsNotOursOrNoNameIsSaid() {
        assertTrue(refusal("admin.host=192.0.2.7", "admin.token=" + "t".repeat(32), "http.port=0")
                .startsWith("admin.host 192.0.2.7 is no address of this machine"));
        assertTrue(refusal("admin.host=nope.invalid", "admin.token=" + "t".repeat(32), "http.port=0")
                .startsWith("admin.host nope.invalid is no known host name"));
        assertTrue(ListenPorts.explained("http", "h", 80, new UnresolvedAddressException())
                .getMessage()
                .contains("http.host h"));
    }
}
