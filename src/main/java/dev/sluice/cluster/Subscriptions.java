package dev.sluice.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the cluster knows of this node: at which addresses it answers, and where its bus listens. A network that fails and
 * heals can make the cluster lose either; it is remembered here while it is there, and put back. One event loop.
 */
final class Subscriptions {

    /** Stands for the place where the bus of this node listens. */
    static final String BUS = "";

    private final HazelcastClusterManager manager;

    /** By address, as the cluster knew it last. */
    private final Map<String, List<RegistrationInfo>> known = new HashMap<>();

    Subscriptions(HazelcastClusterManager manager) {
        this.manager = manager;
    }

    /** Addresses that the cluster does not know any more, {@link #BUS} included. */
    Future<List<String>> missing(Set<String> addresses) {
        known.keySet().retainAll(addresses);
        List<String> missing = new ArrayList<>();
        Future<?> looked = isListed().onSuccess(listed -> {
            if (!listed) {
                missing.add(BUS);
            }
        });
        for (String address : addresses) {
            looked = looked.compose(done -> own(address)).onSuccess(own -> {
                if (own.isEmpty()) {
                    missing.add(address);
                } else {
                    known.put(address, own);
                }
            });
        }
        return looked.map(missing);
    }

    private Future<Boolean> isListed() {
        Promise<Object> info = Promise.promise();
        manager.getNodeInfo(manager.getNodeId(), (found, error) -> {
            if (error == null) {
                info.complete(found);
            } else {
                info.fail(error);
            }
        });
        return info.future().map(true).recover(error -> {
            boolean lost = String.valueOf(error.getMessage()).contains("Not a member");
            return lost ? Future.succeededFuture(false) : Future.failedFuture(error);
        });
    }

    private Future<List<RegistrationInfo>> own(String address) {
        Promise<List<RegistrationInfo>> all = Promise.promise();
        manager.getRegistrations(address, all);
        return all.future()
                .map(list -> list.stream()
                        .filter(one -> one.nodeId().equals(manager.getNodeId()))
                        .toList());
    }

    /** Puts them back; what this node never saw there stays missing. */
    Future<Void> restore(List<String> missing) {
        List<Future<Void>> restored = new ArrayList<>();
        for (String address : missing) {
            if (address.equals(BUS)) {
                Promise<Void> put = Promise.promise();
                manager.setNodeInfo(manager.getNodeInfo(), put);
                restored.add(put.future());
            }
            for (RegistrationInfo info : known.getOrDefault(address, List.of())) {
                Promise<Void> put = Promise.promise();
                manager.addRegistration(address, info, put);
                restored.add(put.future());
            }
        }
        return Future.join(restored).mapEmpty();
    }
}
