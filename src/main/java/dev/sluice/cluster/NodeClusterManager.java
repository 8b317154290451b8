package dev.sluice.cluster;

import com.hazelcast.config.Config;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Hazelcast's cluster manager, which remembers where consumers of this node listen, whichever part of it they belong to.
 * Any thread.
 */
final class NodeClusterManager extends HazelcastClusterManager {

    /** One consumer. */
    private record Listening(String address, RegistrationInfo info) {}

    /** By consumer, whether the cluster has confirmed it. */
    private final Map<Listening, Boolean> own = new ConcurrentHashMap<>();

    NodeClusterManager(Config config) {
        super(config);
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        Listening listening = new Listening(address, info);
        if (!info.localOnly()) {
            own.put(listening, false);
        }
        super.addRegistration(address, info, (nothing, error) -> {
            if (error == null) {
                own.replace(listening, true);
                done.succeed();
            } else {
                done.fail(error);
            }
        });
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        own.remove(new Listening(address, info));
        super.removeRegistration(address, info, done);
    }

    /** Ids of the other nodes, as Hazelcast lists its members; those that are no Sluice have none. */
    List<String> others() {
        return getHazelcastInstance().getCluster().getMembers().stream()
                .filter(member -> !member.localMember())
                .map(member -> member.getAttribute(HazelcastSettings.NODE))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether that is the id of another node, as Hazelcast lists its members now. */
    boolean isOther(String node) {
        return others().contains(node);
    }

    /** The addresses that the cluster has to know of this node. */
    Set<String> addresses() {
        return own.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(entry -> entry.getKey().address())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the cluster knows every consumer of this node at that address. */
    Future<Boolean> isListed(String address) {
        Promise<List<RegistrationInfo>> listed = Promise.promise();
        getRegistrations(address, listed);
        return listed.future().map(all -> Set.copyOf(all).containsAll(confirmed(address)));
    }

    private Collection<RegistrationInfo> confirmed(String address) {
        return own.entrySet().stream()
                .filter(entry -> entry.getValue() && entry.getKey().address().equals(address))
                .map(entry -> entry.getKey().info())
                .toList();
    }

    /** Tells the cluster again where the consumers of this node listen. */
    Future<Void> putBack() {
        return Future.join(own.keySet().stream().map(this::putBack).toList()).mapEmpty();
    }

    private Future<Void> putBack(Listening listening) {
        Promise<Void> put = Promise.promise();
        super.addRegistration(listening.address(), listening.info(), put);
        return put.future().compose(done -> own.containsKey(listening) ? Future.succeededFuture() : takeOut(listening));
    }

    /** It ended while it was put back. */
    private Future<Void> takeOut(Listening listening) {
        Promise<Void> taken = Promise.promise();
        super.removeRegistration(listening.address(), listening.info(), taken);
        return taken.future();
    }
}
