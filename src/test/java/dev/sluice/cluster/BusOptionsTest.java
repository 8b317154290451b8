package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.HazelcastException;
import dev.sluice.config.ClusterConfig;
import dev.sluice.config.SluiceConfig;
import java.net.BindException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

/** What a node says that cannot become a member. */
class BusOptionsTest {

    private static final ClusterConfig CLUSTER = SluiceConfig.of(
                    "cluster.enabled=true", "cluster.port=1701", "cluster.busPort=1702")
            .cluster();

    private static Throwable explained(Throwable error) {
        return BusOptions.explained(error, CLUSTER);
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        Throwable members = explained(new HazelcastException("Address already in use"));
        assertEquals("cluster.port 1701 is taken by another process", members.getMessage());
        Throwable bus = explained(new BindException("Address already in use"));
        assertEquals("cluster.busPort 1702 is taken by another process", bus.getMessage());
    }

    @Test
    void whatCouldNotJoinIsToldHowToTryAgain() {
        Throwable late = explained(new IllegalStateException("Node failed to start!"));
        assertEquals(ConnectException.class, late.getClass());
        assertTrue(late.getMessage().contains("start it again"), late.getMessage());
    }

    @Test
    void anyOtherFailureStaysAsItIs() {
        Throwable other = new IllegalStateException("else");
        assertSame(other, explained(other));
    }
}
