package dev.sluice.cluster;

import dev.sluice.bus.MemberNotice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The members that a node heard, itself included. A member that is silent stays listed until Hazelcast removes it, or
 * for a minute. Not thread safe; time comes in as an argument.
 */
final class Membership {

    private static final long LISTED_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * One member.
     *
     * @param notice what it announced last
     * @param heardNanos when
     */
    record Member(MemberNotice notice, long heardNanos) {}

    private final long silentNanos;
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** @param silentMs after which a member that was not heard counts as silent */
    Membership(long silentMs) {
        this.silentNanos = TimeUnit.MILLISECONDS.toNanos(silentMs);
    }

    /**
     * A member announced itself.
     *
     * @return whether it is a new one, or was silent
     */
    boolean heard(MemberNotice notice, long nowNanos) {
        Member before = members.put(notice.node(), new Member(notice, nowNanos));
        return before == null || isSilent(before, nowNanos);
    }

    /** Hazelcast says that it is gone. */
    void gone(String node) {
        members.remove(node);
    }

    /** Those that fell silent during the last so many nanoseconds; old ones are forgotten. */
    List<String> fellSilent(long sinceNanos, long nowNanos) {
        members.values().removeIf(member -> nowNanos - member.heardNanos() > LISTED_NANOS);
        List<String> silent = new ArrayList<>();
        for (Member member : members.values()) {
            if (isSilent(member, nowNanos) && !isSilent(member, sinceNanos)) {
                silent.add(member.notice().node());
            }
        }
        return silent;
    }

    /** Those of these nodes that were heard lately. */
    List<String> audible(Collection<String> nodes, long nowNanos) {
        return nodes.stream()
                .filter(node -> members.containsKey(node) && !isSilent(members.get(node), nowNanos))
                .toList();
    }

    /**
     * The newest version of messages that all of these nodes read, and this one.
     *
     * @param own that this node reads
     * @param unheard what a node is taken to read that was not heard
     */
    int readByAll(Collection<String> nodes, int own, int unheard) {
        int readByAll = own;
        for (String node : nodes) {
            Member member = members.get(node);
            readByAll = Math.min(
                    readByAll, member == null ? unheard : member.notice().wireVersion());
        }
        return readByAll;
    }

    /** When any of these nodes was heard last; {@code otherwise} where none ever was. */
    long lastHeardNanos(Collection<String> nodes, long otherwise) {
        long last = otherwise;
        for (String node : nodes) {
            Member member = members.get(node);
            if (member != null && member.heardNanos() - last > 0) {
                last = member.heardNanos();
            }
        }
        return last;
    }

    boolean isSilent(Member member, long nowNanos) {
        return nowNanos - member.heardNanos() > silentNanos;
    }

    /** All of them, by name. */
    List<Member> all() {
        return members.values().stream()
                .sorted(Comparator.comparing(member -> member.notice().name()))
                .toList();
    }
}
