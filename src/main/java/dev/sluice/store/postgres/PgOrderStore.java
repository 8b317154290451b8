package dev.sluice.store.postgres;

import dev.sluice.config.SluiceConfig;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import dev.sluice.store.ReconnectingConnection;
import dev.sluice.store.StoreListener;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Orders in the table {@code orders}. Holds its own connections; lives on the event loop that opened it. */
public final class PgOrderStore implements OrderStore {

    /** Clients repeat in bursts, and an insert that allows for it costs little. */
    private static final int TAKEN_KEYS_BATCHES = 64;

    /** What is sold out stays so for a while, and a row by itself costs more. */
    private static final int REFUSALS_BATCHES = 8;

    private final List<ReconnectingConnection<PgConnection>> connections;
    private final Streak takenKeys = new Streak(TAKEN_KEYS_BATCHES);
    private final Streak refusals = new Streak(REFUSALS_BATCHES);

    private PgOrderStore(List<ReconnectingConnection<PgConnection>> connections) {
        this.connections = connections;
    }

    /**
     * Opens the connections in the background; {@link #isUp()} tells when the first one stands.
     *
     * @param connections at least one
     */
    public static PgOrderStore open(Vertx vertx, SluiceConfig config, int connections, StoreListener listener) {
        PgConnector connector = new PgConnector(vertx, config);
        long reconnectMs = config.postgres().reconnectMs();
        PgOrderStore store = new PgOrderStore(
                Stream.generate(() -> new ReconnectingConnection<>(vertx, connector, listener, reconnectMs))
                        .limit(connections)
                        .toList());
        store.connections.forEach(ReconnectingConnection::open);
        return store;
    }

    @Override
    public boolean isUp() {
        return leastBusy().isUp();
    }

    @Override
    public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
        return new InsertCall(leastBusy(), takenKeys, refusals, batch, deadline).outcomes();
    }

    @Override
    public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
        return FindStatement.find(leastBusy(), List.of(id), deadline)
                .map(rows -> Optional.ofNullable(rows.get(id))
                        .filter(stored -> stored.order().account().equals(account)));
    }

    @Override
    public Future<Void> close() {
        return Future.join(
                        connections.stream().map(ReconnectingConnection::close).toList())
                .mapEmpty();
    }

    /** The connection with the least outstanding of those that are up; one that is down where none is. */
    private ReconnectingConnection<PgConnection> leastBusy() {
        ReconnectingConnection<PgConnection> best = connections.get(0);
        for (ReconnectingConnection<PgConnection> connection : connections) {
            if (connection.isUp() && (!best.isUp() || connection.outstanding() < best.outstanding())) {
                best = connection;
            }
        }
        return best;
    }
}
