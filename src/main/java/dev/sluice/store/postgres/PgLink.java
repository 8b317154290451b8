package dev.sluice.store.postgres;

import dev.sluice.config.PostgresConfig;
import dev.sluice.config.value.PostgresUri;
import dev.sluice.store.TlsFailure;
import dev.sluice.store.TlsLink;
import dev.sluice.store.UnfitStoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The one way to open a connection to PostgreSQL: where {@code postgres.uri} says and as protected as it says. A link
 * that cannot be trusted is a failure that names the cause and its mend.
 */
public final class PgLink {

    /** The server takes no login of this kind. */
    private static final String INVALID_AUTHORIZATION = "28000";

    private PgLink() {}

    /**
     * Connects.
     *
     * @param adjusted what the caller sets beside the place, the login and TLS
     */
    public static Future<PgConnection> connect(
            Vertx vertx, PostgresConfig config, UnaryOperator<PgConnectOptions> adjusted) {
        return PgConnection.connect(vertx, adjusted.apply(options(config)))
                .recover(error -> Future.failedFuture(explained(config, error)));
    }

    private static PgConnectOptions options(PostgresConfig config) {
        PostgresUri uri = config.requiredUri();
        PgConnectOptions options = new PgConnectOptions()
                .setHost(uri.host())
                .setPort(uri.port())
                .setUser(uri.user())
                .setPassword(uri.password() == null ? "" : uri.password())
                .setDatabase(uri.database());
        for (Map.Entry<String, String> setting : uri.startup().entrySet()) {
            options.addProperty(setting.getKey(), setting.getValue());
        }
        if (config.link().isOn()) {
            options.setSslMode(SslMode.REQUIRE).setSslOptions(TlsLink.options(config.link()));
        }
        return options;
    }

    private static Throwable explained(PostgresConfig config, Throwable error) {
        PostgresUri uri = config.requiredUri();
        if (error instanceof PgException refusal) {
            boolean wantsTls = INVALID_AUTHORIZATION.equals(refusal.getSqlState())
                    && !config.link().isOn()
                    && !uri.isUnixSocket();
            return wantsTls
                    ? new UnfitStoreException(
                            "PostgreSQL refuses a connection in clear text: " + refusal.getErrorMessage(),
                            "If it wants TLS, say sslmode=verify-full in postgres.uri and name its CA by sslrootcert or"
                                    + " postgres.tls.ca; else allow this user and address in its pg_hba.conf")
                    : error;
        }
        return new TlsFailure("PostgreSQL", "postgres", uri.host(), config.link())
                .of(error)
                .<Throwable>map(explained -> explained)
                .orElse(error);
    }
}
