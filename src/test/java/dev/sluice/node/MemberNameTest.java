package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.TestConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberNameTest {

    /** The pods of a stateful set listen on every interface, each at a cluster.host of its own. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, 127.0.0.1:9090",
        "10.0.0.11, 10.0.0.11, 10.0.0.11:9090",
        "10.1.0.11, 10.0.0.11, 10.1.0.11:9090",
        "0.0.0.0, 10.0.0.11, 10.0.0.11:9090",
        "::, fd00::11, [fd00::11]:9090",
        "[::], 10.0.0.11, 10.0.0.11:9090",
        "127.0.0.1, 10.0.0.11, 127.0.0.1:9090 on 10.0.0.11",
        "localhost, 10.0.0.11, localhost:9090 on 10.0.0.11",
        "::1, ::1, [::1]:9090"
    })
    void aMemberIsToldFromOthers(String admin, String cluster, String name) {
        String token = "admin.token=" + "t".repeat(32);
        assertEquals(name, MemberName.of(TestConfig.of("admin.host=" + admin, "cluster.host=" + cluster, token), 9090));
    }
}
