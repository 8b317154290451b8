package dev.sluice.listener;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of a listener's connections keep it waiting for too long, or hold too many bytes together while they do: with
 * answers that their clients do not take, or with request heads that do not end. On their event loop.
 */
final class OverduePeers {

    private OverduePeers() {}

    /**
     * Those that have taken nothing of what waits for them since before an instant, and while more than that many bytes
     * wait for all others together, the one that has taken nothing for longest; each with the reason to cut it.
     */
    static Map<Peer, Cut> slowReaders(Collection<Peer> peers, long stalledSinceNanos, long pendingBytesMax) {
        List<Peer> pending = new ArrayList<>();
        long bytes = 0;
        for (Peer peer : peers) {
            if (peer.pendingBytes() > 0) {
                pending.add(peer);
                bytes += peer.pendingBytes();
            }
        }
        pending.sort(
                (one, other) -> Long.signum(one.outbound.stalledSinceNanos() - other.outbound.stalledSinceNanos()));
        Map<Peer, Cut> slow = new LinkedHashMap<>();
        for (Peer slowest : pending) {
            boolean late = !slowest.takesSince(stalledSinceNanos);
            if (!late && bytes <= pendingBytesMax) {
                break;
            }
            bytes -= slowest.pendingBytes();
            slow.put(slowest, late ? Cut.ANSWER_UNREAD : Cut.TOO_MUCH_UNREAD);
        }
        return slow;
    }

    /** Resets the streams of HTTP/2 that are such, on connections that are not; the number of streams. */
    static int resetStalledStreams(Collection<Peer> peers, long stalledSinceNanos) {
        List<Peer> taking = peers.stream()
                .filter(peer -> peer.speaksHttp2() && peer.takesSince(stalledSinceNanos))
                .toList();
        return taking.stream()
                .mapToInt(peer -> peer.resetStalled(stalledSinceNanos))
                .sum();
    }

    /**
     * Those whose request head has been coming in since before an instant, and while the heads of all others take more
     * than that many bytes together, the one whose head began first.
     */
    static List<Peer> withLateHeads(Collection<Peer> peers, long headSinceNanos, long headsBytesMax, long nowNanos) {
        List<Peer> coming = new ArrayList<>();
        List<Peer> late = new ArrayList<>();
        long bytes = 0;
        for (Peer peer : peers) {
            if (peer.hasHeadSince(headSinceNanos, nowNanos)) {
                late.add(peer);
            } else if (peer.headBytes() > 0) {
                coming.add(peer);
                bytes += peer.headBytes();
            }
        }
        coming.sort(Peer::byHeadBegin);
        for (Peer oldest : coming) {
            if (bytes <= headsBytesMax) {
                break;
            }
            bytes -= oldest.headBytes();
            late.add(oldest);
        }
        return late;
    }
}
