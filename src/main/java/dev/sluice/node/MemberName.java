package dev.sluice.node;

import dev.sluice.config.SluiceConfig;
import java.util.Set;

/**
 * What a node is called among the members of its cluster: the place of its admin listener, as operators reach it from other
 * hosts. Where that listener is on every interface, or on loopback alone, {@code cluster.host} tells the node from others.
 */
final class MemberName {

    private static final Set<String> EVERY_INTERFACE = Set.of("0.0.0.0", "::", "[::]");

    private MemberName() {}

    /** @param adminPort that the listener got */
    static String of(SluiceConfig config, int adminPort) {
        String admin = config.admin().host();
        String member = config.cluster().host();
        if (EVERY_INTERFACE.contains(admin)) {
            return place(member, adminPort);
        }
        boolean isElsewhere = config.admin().isLoopback() && !config.cluster().isLoopback();
        return place(admin, adminPort) + (isElsewhere ? " on " + member : "");
    }

    private static String place(String host, int port) {
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }
}
