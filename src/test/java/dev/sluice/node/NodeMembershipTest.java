package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.admin.ClusterMembers.Member;
import dev.sluice.bus.MemberNotice;
import dev.sluice.bus.WriterNotice;
import dev.sluice.cluster.ClusterNode.MemberState;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeMembershipTest {

    private static final List<WriterNotice> WRITERS =
            List.of(new WriterNotice("w.0", false), new WriterNotice("w.1", true));

    private static MemberState member(int intakes, boolean leaving, boolean silent) {
        return new MemberState(new MemberNotice("n", "n:1", "1", 2, leaving, intakes, WRITERS), 10, silent);
    }

    @Test
    void onlyLiveMembersThatServeHttpHaveAShare() {
        assertEquals(0, NodeMembership.serving(List.of()));
        assertEquals(
                2,
                NodeMembership.serving(List.of(
                        member(1, false, false),
                        member(4, false, false),
                        member(0, false, false),
                        member(1, true, false),
                        member(1, false, true))));
    }

    @Test
    void operatorsSeeWhatAMemberAnnounced() {
        Member shown = NodeMembership.shown(member(3, false, false), "other");
        assertEquals(new Member("n", "n:1", "1", 2, false, "ok", 10, 3, List.of("w.0", "w.1"), List.of("w.1")), shown);
    }

    @Test
    void operatorsSeeWhichMemberIsAsked() {
        assertTrue(NodeMembership.shown(member(1, false, false), "n").self());
        assertFalse(NodeMembership.shown(member(1, false, false), "m").self());
    }

    @Test
    void aMemberThatLeavesIsLeavingThoughItIsSilent() {
        assertEquals("silent", NodeMembership.shown(member(1, false, true), "n").state());
        assertEquals(
                "leaving", NodeMembership.shown(member(1, true, false), "n").state());
        assertEquals("leaving", NodeMembership.shown(member(1, true, true), "n").state());
    }
}
