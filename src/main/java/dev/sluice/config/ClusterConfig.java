package dev.sluice.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cluster: whether and where this node meets others. */
public record ClusterConfig(
        @Key(def = "false", why = "join other nodes, so that orders may go to their writers; both ports listen then")
        boolean enabled,

        @Key(def = "sluice", why = "nodes of one name form a cluster; others are refused")
        String name,

        @Key(
                def = "127.0.0.1",
                why =
                        "the one interface that both ports listen on and that other nodes connect to; a name or an address")
        String host,

        @Key(
                def = "5701",
                min = 1,
                max = 65_535,
                why = "port of the membership (Hazelcast); not encrypted, keep it private")
        int port,

        @Key(def = "5711", min = 1, max = 65_535, why = "port of the event bus that orders travel on between nodes")
        int busPort,

        @Key(
                def = "",
                why =
                        "nodes to ask at the start, cluster.host:cluster.port each, commas between; this one may be among them")
        @Nullable
        String members,

        @Key(def = "", why = "instead of members: DNS name of a headless Kubernetes service whose pods are the nodes")
        @Nullable
        String kubernetesService,

        @Key(
                def = "2000",
                unit = "ms",
                min = 1_000,
                max = 60_000,
                why = "a node that was not heard for so long gets no orders until it is heard again")
        int silentMs,

        BusTls tls) {

    /** Who this node is on the event bus, and whose certificate the others must have: three files, or none. */
    public record BusTls(
            @Key(
                    def = "",
                    why = "PEM file of the CA that signs for the nodes of this cluster and for nothing else; with these"
                            + " three files the event bus speaks TLS, and a program without such a certificate gets no"
                            + " connection")
            @Nullable
            Path ca,

            @Key(
                    def = "",
                    why =
                            "PEM file of this node's certificate, then those between it and the CA; for clients and servers"
                                    + " both")
            @Nullable
            Path cert,

            @Key(def = "", why = "PEM file of its key, RSA or EC, not encrypted; readable for this user alone")
            @Nullable
            Path key) {

        /** Whether the event bus speaks TLS. */
        public boolean isOn() {
            return ca != null;
        }
    }

    /** Whether only this machine reaches both ports. */
    public boolean isLoopback() {
        return Rules.isLoopback(host);
    }

    /** The nodes to ask, as they are written. */
    public List<String> memberList() {
        return ValueParser.list(members);
    }
}
