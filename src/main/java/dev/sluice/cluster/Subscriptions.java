package dev.sluice.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the cluster knows where this node listens: its bus, and its consumers, those of extensions and of bridge clients
 * too. A network that fails and heals can make the cluster lose either; both are put back. One event loop.
 */
final class Subscriptions {

    /** Stands for the place where the bus of this node listens. */
    static final String BUS = "";

    private final NodeClusterManager manager;

    Subscriptions(NodeClusterManager manager) {
        this.manager = manager;
    }

    /** Addresses that the cluster does not know any more, {@link #BUS} included. */
    Future<List<String>> missing() {
        List<String> missing = new ArrayList<>();
        Future<?> looked = isBusListed().onSuccess(listed -> note(missing, BUS, listed));
        for (String address : manager.addresses()) {
            looked = looked.compose(done -> manager.isListed(address))
                    .onSuccess(listed -> note(missing, address, listed));
        }
        return looked.map(missing);
    }

    private static void note(List<String> missing, String address, boolean listed) {
        if (!listed) {
            missing.add(address);
        }
    }

    private Future<Boolean> isBusListed() {
        Promise<NodeInfo> info = Promise.promise();
        manager.getNodeInfo(manager.getNodeId(), info);
        return info.future().map(true).recover(error -> {
            boolean lost = String.valueOf(error.getMessage()).contains("Not a member");
            return lost ? Future.succeededFuture(false) : Future.failedFuture(error);
        });
    }

    /** Puts back all of them: beside what is missing, some may be there and of no use. */
    Future<Void> restore() {
        Promise<Void> bus = Promise.promise();
        manager.setNodeInfo(manager.getNodeInfo(), bus);
        return bus.future().eventually(manager::putBack);
    }
}
