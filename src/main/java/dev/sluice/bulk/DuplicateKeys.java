package dev.sluice.bulk;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.OrderResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Lines of one bulk request that carry the same client order id. The first valid one leads and is sent; what repeats
 * its content shares its outcome; what has other content waits for it, because the first line wins. Only where the
 * leader turns out to be stored nowhere for good does the next rival lead. Holds at most one entry a line. Not thread
 * safe: owned by one request.
 */
public final class DuplicateKeys {

    /** What became of a leader. */
    public enum LeaderResult {
        /** A store has its content: rivals are conflicts. */
        ACKNOWLEDGED,
        /** Its content will not be stored, and the next rival may try: a row of an earlier request may be that one's. */
        TURNED_DOWN,
        /** 503, perhaps it appears: no rival may overtake it. */
        OPEN;

        /** As its client is told. */
        public static LeaderResult of(OrderResult result) {
            if (result.isAcknowledged()) {
                return ACKNOWLEDGED;
            }
            return result.invitesRetry() ? OPEN : TURNED_DOWN;
        }
    }

    /** What settles the lines; called back from within both methods. */
    public interface Lines {

        /** The line leads now and is to be sent. */
        void send(int line);

        /** The line has the content of the leader, which is settled. */
        void share(int line, int leader);

        /** The line has other content than the leader, which is acknowledged. */
        void conflict(int line);

        /** The line has other content than the leader, whose outcome is not known. */
        void notStored(int line);
    }

    private record Rival(int line, Fingerprint fingerprint) {}

    private final Map<UUID, Group> groups = new HashMap<>();
    private final Lines lines;

    public DuplicateKeys(Lines lines) {
        this.lines = lines;
    }

    /** A valid line with a client order id, in the order of the request. */
    public void arrived(int line, UUID id, Fingerprint fingerprint) {
        Group group = groups.get(id);
        if (group == null) {
            groups.put(id, new Group(line, fingerprint));
            lines.send(line);
        } else {
            group.arrived(line, fingerprint);
        }
    }

    /** The leading line of that id has its outcome; ids that no line carried are ignored. */
    public void settled(UUID id, LeaderResult result) {
        Group group = groups.get(id);
        if (group != null) {
            group.settled(result);
        }
    }

    /** The lines of one id. */
    private final class Group {

        private int leader;
        private Fingerprint content;
        private boolean pending = true;
        private LeaderResult result = LeaderResult.OPEN;
        private List<Integer> followers = List.of();
        private ArrayDeque<Rival> rivals = NO_RIVALS;

        Group(int leader, Fingerprint content) {
            this.leader = leader;
            this.content = content;
        }

        void arrived(int line, Fingerprint fingerprint) {
            boolean same = fingerprint.equals(content);
            if (!pending) {
                decide(line, fingerprint, same);
            } else if (same) {
                followers = followers.isEmpty() ? new ArrayList<>() : followers;
                followers.add(line);
            } else {
                rivals = rivals.isEmpty() ? new ArrayDeque<>() : rivals;
                rivals.addLast(new Rival(line, fingerprint));
            }
        }

        void settled(LeaderResult ofLeader) {
            pending = false;
            result = ofLeader;
            followers.forEach(line -> lines.share(line, leader));
            followers = List.of();
            ArrayDeque<Rival> waiting = rivals;
            rivals = NO_RIVALS;
            waiting.forEach(rival -> arrived(rival.line(), rival.fingerprint()));
        }

        private void decide(int line, Fingerprint fingerprint, boolean same) {
            if (same) {
                lines.share(line, leader);
            } else if (result == LeaderResult.ACKNOWLEDGED) {
                lines.conflict(line);
            } else if (result == LeaderResult.OPEN) {
                lines.notStored(line);
            } else {
                lead(line, fingerprint);
            }
        }

        private void lead(int line, Fingerprint fingerprint) {
            leader = line;
            content = fingerprint;
            pending = true;
            lines.send(line);
        }
    }

    private static final ArrayDeque<Rival> NO_RIVALS = new ArrayDeque<>();
}
