package dev.sluice.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.bus.MemberNotice;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterNotice;
import dev.sluice.wire.Forms;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is no member at a member's place: a process that is frozen, or a program that speaks something else. */
@Tag("contract")
@Timeout(60)
class MuteMemberTest {

    /** What Hazelcast answers to a protocol that the port does not take. */
    private static final String REFUSED = "HZX";

    private final TestMembers members = new TestMembers();

    @AfterEach
    void leave() {
        members.close();
    }

    private ClusterNode join(int number, String name) {
        return members.join(number, name, Forms.ofThisRelease(), Forms.ofThisRelease());
    }

    /** The kernel accepts for a frozen process; the oldest member looks for lost ones every five seconds. */
    @Test
    void aMemberThatAcceptsAndSaysNothingDoesNotKeepTheOthersFromEachOther() throws Exception {
        ClusterNode oldest = join(0, "oldest");
        try (ServerSocket mute = new ServerSocket(members.port(1), 50, InetAddress.getLoopbackAddress());
                Socket asked = mute.accept()) {
            ClusterNode young = join(2, "young");
            TestMembers.awaitHeard(oldest, 2);
            TestMembers.awaitHeard(young, 2);
            assertEquals(2, oldest.members(), () -> "while asked from " + asked.getRemoteSocketAddress());
        }
    }

    /** As one that was frozen for so long that Hazelcast removed it. */
    @Test
    void aNodeThatIsNoMemberIsNotHeard() throws Exception {
        ClusterNode node = join(0, "node");
        Vertx foreign = members.joinForeign(1);
        Wire.register(foreign, Forms.ofThisRelease());
        WriterNotice writer = new WriterNotice("sluice.writers.ghost.0", false);
        foreign.eventBus()
                .publish("sluice.members", new MemberNotice("ghost", "ghost", "test", 1, false, 0, List.of(writer)));
        join(2, "later");
        TestMembers.awaitHeard(node, 2);
        assertEquals(
                List.of("later", "node"),
                node.heardMembers().stream()
                        .map(member -> member.notice().node())
                        .sorted()
                        .toList());
    }

    @Test
    void itsPortTakesMembersAlone() throws Exception {
        join(0, "alone");
        try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), members.port(0))) {
            stranger.getOutputStream().write("GET /hazelcast/health HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
            assertEquals(REFUSED, new String(stranger.getInputStream().readNBytes(3), US_ASCII));
        }
    }
}
