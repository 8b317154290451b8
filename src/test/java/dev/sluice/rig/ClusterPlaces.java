package dev.sluice.rig;

import dev.sluice.rig.ClusterRig.Role;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Places for the nodes of one cluster, numbered from 0: each is a host and two ports of its own there. */
public final class ClusterPlaces {

    private final List<String> hosts;
    private final List<Integer> ports;
    private final List<Integer> busPorts;

    /** A place for each of these addresses. */
    public ClusterPlaces(List<String> hosts) {
        this.hosts = List.copyOf(hosts);
        ports = hosts.stream().map(host -> Ports.free()).toList();
        busPorts = hosts.stream().map(host -> Ports.free()).toList();
    }

    /** So many on this machine. */
    public static ClusterPlaces here(int nodes) {
        return new ClusterPlaces(Collections.nCopies(nodes, "127.0.0.1"));
    }

    public int size() {
        return hosts.size();
    }

    /** What makes a node the one of that number, as {@code key=value}. */
    public List<String> settings(int node, Role role) {
        String members = IntStream.range(0, size())
                .mapToObj(one -> hosts.get(one) + ":" + ports.get(one))
                .collect(Collectors.joining(","));
        Stream<String> place = Stream.of(
                "cluster.enabled=true",
                "cluster.members=" + members,
                "cluster.host=" + hosts.get(node),
                "cluster.port=" + ports.get(node),
                "cluster.busPort=" + busPorts.get(node));
        return Stream.concat(place, role.settings().stream()).toList();
    }
}
