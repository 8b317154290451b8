package dev.sluice.store.redis;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.value.RedisUri;
import dev.sluice.store.TlsFailure;
import dev.sluice.store.TlsLink;
import dev.sluice.store.redis.Sentinels.Master;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisClusterTransactions;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisReplicas;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one way to open a connection to Redis: where {@code redis.uri} says and as protected as it says. A link that cannot
 * be trusted is a failure that names the cause and its mend.
 *
 * @param config with a {@code redis.uri}
 */
public record RedisLink(Vertx vertx, SluiceConfig.Redis config) {

    /** Commands sent and not answered; the transactions of 10,000 orders, and as many again. */
    private static final int WAITING_MAX = 1 << 16;

    /** A client for one connection; its owner closes it, and the connection with it. */
    public Future<Redis> client() {
        return place().map(place -> Redis.createClient(vertx, options(place)));
    }

    /** The connection of that client. */
    public Future<RedisConnection> connect(Redis client) {
        Future<RedisConnection> connection = client.connect();
        return (config.cluster() ? connection.<RedisConnection>map(ClusterConnection::new) : connection)
                .recover(error -> Future.failedFuture(explained(error)));
    }

    private RedisUri uri() {
        return Objects.requireNonNull(config.uri(), "a link has its URI");
    }

    /** Where the server is now: the host of the URI is its own, or the name by which Sentinels know it. */
    private Future<Master> place() {
        RedisUri uri = uri();
        return config.sentinelList().isEmpty()
                ? resolved(new Master(uri.host(), uri.port()))
                : new Sentinels(vertx, config.sentinelList(), config.connectTimeoutMs())
                        .master(uri.host())
                        .compose(this::resolved);
    }

    /** The client reads {@code java.net.URI}s, which have no such host as {@code redis_master}. */
    private Future<Master> resolved(Master place) {
        if (uri().isUnixSocket() || isUriHost(place.host())) {
            return Future.succeededFuture(place);
        }
        return vertx.executeBlocking(
                () -> new Master(InetAddress.getByName(place.host()).getHostAddress(), place.port()), false);
    }

    private static boolean isUriHost(String host) {
        try {
            return host.indexOf(':') >= 0 || new URI("redis://" + host + ":1").getHost() != null;
        } catch (URISyntaxException e) {
            return false; // the resolver may know it
        }
    }

    private RedisOptions options(Master place) {
        RedisUri uri = uri();
        NetClientOptions net = new NetClientOptions()
                .setTcpKeepAlive(!uri.isUnixSocket())
                .setConnectTimeout(config.connectTimeoutMs());
        RedisOptions options = new RedisOptions()
                .setConnectionString(connectionString(place, uri.database()))
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(WAITING_MAX)
                .setNetClientOptions(net);
        if (config.cluster()) {
            clustered(options);
        }
        if (config.link().isOn()) {
            TlsLink.protect(net, config.link());
        }
        if (uri.password() != null) {
            options.setPassword(uri.password());
        }
        return uri.user() == null ? options : options.setUser(uri.user());
    }

    /** One connection to each node, and one more to ask where the keys are. */
    private static void clustered(RedisOptions options) {
        options.setType(RedisClientType.CLUSTER)
                .setUseReplicas(RedisReplicas.NEVER)
                .setClusterTransactions(RedisClusterTransactions.SINGLE_NODE)
                .setMaxPoolSize(2)
                .setMaxPoolWaiting(2);
    }

    /** Without the login, which the client is told apart: no error of it can quote a password. */
    private String connectionString(Master place, @Nullable Integer database) {
        String number = database == null ? "" : database.toString();
        if (uri().isUnixSocket()) {
            return "unix://" + encodedPath(place.host()) + (number.isEmpty() ? "" : "?db=" + number);
        }
        String host = place.host().indexOf(':') >= 0 ? "[" + place.host() + "]" : place.host();
        return (uri().tls() ? "rediss://" : "redis://") + host + ":" + place.port() + "/" + number;
    }

    private static String encodedPath(String path) {
        try {
            return new URI(null, null, path, null).getRawPath();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path of a unix socket", e);
        }
    }

    private Throwable explained(Throwable error) {
        return new TlsFailure("Redis", "redis", uri().host(), config.link())
                .of(error)
                .<Throwable>map(explained -> explained)
                .orElse(error);
    }
}
