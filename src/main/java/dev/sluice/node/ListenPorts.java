package dev.sluice.node;

import dev.sluice.config.ConfigException;
import dev.sluice.config.SluiceConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where a node is to listen, tried before anything is started; and what it means that it cannot. */
public final class ListenPorts {

    private static final Set<String> EVERY_INTERFACE = Set.of("0.0.0.0", "::", "[::]");

    private ListenPorts() {}

    /**
     * Listens on each for a moment; blocks no longer than the look-up of a host's name.
     *
     * @throws BindException says which cannot be had, why, and the key or flag that mends it
     */
    public static void requireFree(SluiceConfig config) throws BindException {
        int http = config.http().port();
        int admin = config.admin().port();
        tryOut("admin", config.admin().host(), admin);
        if (config.http().instances().resolve(Runtime.getRuntime().availableProcessors()) == 0) {
            return; // a node that only writes
        }
        tryOut("http", config.http().host(), http);
    }

    /** A listener of a node: the key of its port, and what the configuration gives it. */
    private record Place(String key, String host, int port) {

        boolean isThatOf(Place other) {
            boolean everywhere = Stream.of(host, other.host).anyMatch(one -> EVERY_INTERFACE.contains(one));
            return port != 0 && port == other.port && (everywhere || address().equals(other.address()));
        }

        private String address() {
            return host.equals("localhost") ? "127.0.0.1" : host;
        }
    }

    /**
     * Looks at the configuration alone.
     *
     * @throws ConfigException names each two listeners that would have one port
     */
    public static void requireApart(SluiceConfig config) {
        List<Place> places = places(config);
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            for (Place other : places.subList(i + 1, places.size())) {
                if (places.get(i).isThatOf(other)) {
                    problems.add(places.get(i).key + " and " + other.key + " are both " + other.port
                            + ": choose another for one of them");
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems, List.of());
        }
    }

    private static List<Place> places(SluiceConfig config) {
        List<Place> places = new ArrayList<>();
        if (config.http().instances().resolve(1) > 0) {
            places.add(
                    new Place("http.port", config.http().host(), config.http().port()));
        }
        places.add(new Place("admin.port", config.admin().host(), config.admin().port()));
        if (config.cluster().enabled()) {
            String host = config.cluster().host();
            places.add(new Place("cluster.port", host, config.cluster().port()));
            places.add(new Place("cluster.busPort", host, config.cluster().busPort()));
        }
        if (config.bridge().enabled()) {
            places.add(new Place(
                    "bridge.port", config.bridge().host(), config.bridge().port()));
        }
        return places;
    }

    /** Whether one port can be listened on; fails as {@link #requireFree}. */
    static void tryOut(String section, String host, int port) throws BindException {
        try (ServerSocket socket = new ServerSocket()) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new SocketException("unresolved");
            }
            socket.bind(address);
        } catch (IOException e) {
            throw explained(section, host, port, e);
        }
    }

    /** The failure of a listener in the words of the configuration, where it is one of its address. */
    static <T> Future<T> cannotListen(String section, String host, int port, Throwable error) {
        boolean refused = error instanceof IOException || error instanceof UnresolvedAddressException;
        return Future.failedFuture(refused ? explained(section, host, port, error) : error);
    }

    /** What the operating system says of an address, in the words of the configuration. */
    static BindException explained(String section, String host, int port, Throwable error) {
        BindException explained = new BindException(section + explanation(section, host, port, error));
        explained.initCause(error);
        return explained;
    }

    private static String explanation(String section, String host, int port, Throwable error) {
        String said = String.valueOf(error.getMessage());
        String another = "choose another with --" + section + "-port";
        if (said.contains("in use")) {
            return ".port " + port + " is taken by another process (`ss -ltnp 'sport = :" + port
                    + "'` shows which): stop that one, or " + another + " (0 takes any free one)";
        }
        if (said.contains("ermission")) {
            return ".port " + port + " is not for this user, as ports below 1024 mostly are: " + another
                    + ", or grant CAP_NET_BIND_SERVICE";
        }
        if (said.contains("Cannot assign")) {
            return ".host " + host + " is no address of this machine (`ip address` lists them): set " + section
                    + ".host to one, or to 0.0.0.0 for all";
        }
        if (said.contains("nresolved") || error instanceof UnresolvedAddressException) {
            return ".host " + host + " is no known host name: set " + section + ".host to an address of this machine";
        }
        return ".host " + host + ", " + section + ".port " + port + " cannot be listened on (" + said + "): change one";
    }
}
