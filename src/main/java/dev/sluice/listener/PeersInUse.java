package dev.sluice.listener;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open connections of a listener in the order of their use, the one that was in use last behind all others. */
final class PeersInUse {

    private static final int INITIAL = 64;
    private static final float LOAD_FACTOR = 0.75f;

    /** For one that may give way; in front of it stand only requests that take long. */
    private static final int LOOKED_AT_MAX = 1_024;

    private final Map<HttpConnection, Peer> peers = new LinkedHashMap<>(INITIAL, LOAD_FACTOR, true);

    void put(HttpConnection connection, Peer peer) {
        peers.put(connection, peer);
    }

    @Nullable
    Peer remove(HttpConnection connection) {
        return peers.remove(connection);
    }

    /** Counts as its use; null where it has ended. */
    @Nullable
    Peer get(HttpConnection connection) {
        return peers.get(connection);
    }

    /** All of them, not to be changed or asked for by {@link #get} meanwhile. */
    Collection<Peer> values() {
        return peers.values();
    }

    int size() {
        return peers.size();
    }

    /**
     * The one that owes no answer and was in use before all others that owe none; null where the {@value #LOOKED_AT_MAX}
     * before it owe one. These move behind all others, where their answer will move them again.
     */
    @Nullable
    Peer longestIdle() {
        List<HttpConnection> owing = new ArrayList<>();
        Peer idle = null;
        for (Peer peer : peers.values()) {
            if (peer.owesNothing()) {
                idle = peer;
                break;
            }
            if (owing.size() == LOOKED_AT_MAX) {
                break;
            }
            owing.add(peer.connection);
        }
        owing.forEach(peers::get);
        return idle;
    }
}
