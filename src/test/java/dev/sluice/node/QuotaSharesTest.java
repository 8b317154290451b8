package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.bus.MemberNotice;
import dev.sluice.cluster.ClusterNode.MemberState;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotaSharesTest {

    private static MemberState member(int intakes, boolean leaving, boolean silent) {
        return new MemberState(new MemberNotice("n", "n:1", "1", 1, leaving, intakes, List.of()), 10, silent);
    }

    @Test
    void onlyLiveMembersThatServeHttpHaveAShare() {
        assertEquals(0, QuotaShares.serving(List.of()));
        assertEquals(
                2,
                QuotaShares.serving(List.of(
                        member(1, false, false),
                        member(4, false, false),
                        member(0, false, false),
                        member(1, true, false),
                        member(1, false, true))));
    }
}
