package dev.sluice.node;

import dev.sluice.cluster.ClusterNode.MemberState;
import java.util.List;

/** Among how many nodes the quotas of accounts are shared. */
final class QuotaShares {

    /** As often as members announce themselves. */
    static final long LOOK_MS = 500;

    private QuotaShares() {}

    /** The members that clients can submit to by HTTP: heard lately, not leaving, with an order API. */
    static int serving(List<MemberState> members) {
        return (int) members.stream()
                .filter(member -> !member.silent() && !member.notice().leaving())
                .filter(member -> member.notice().intakes() > 0)
                .count();
    }
}
