package dev.sluice.store.postgres;

import dev.sluice.config.LinkTls;
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
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
        AtomicReference<@Nullable CertificateException> refused = new AtomicReference<>();
        return PgConnection.connect(vertx, adjusted.apply(options(config, refused::set)))
                .recover(error -> {
                    CertificateException reason = refused.get();
                    return Future.failedFuture(explained(config, reason == null ? error : reason));
                });
    }

    private static PgConnectOptions options(PostgresConfig config, Consumer<CertificateException> refused) {
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
            options.setSslMode(SslMode.REQUIRE).setSslOptions(TlsLink.options(config.link(), refused));
        }
        return options;
    }

    private static Throwable explained(PostgresConfig config, Throwable error) {
        PostgresUri uri = config.requiredUri();
        LinkTls tls = config.link();
        if (error instanceof PgException refusal) {
            boolean noLogin = INVALID_AUTHORIZATION.equals(refusal.getSqlState()) && !uri.isUnixSocket();
            return noLogin ? refusedLogin(refusal, tls) : error;
        }
        return new TlsFailure("PostgreSQL", "postgres", uri.host(), tls)
                .of(error)
                .<Throwable>map(explained -> explained)
                .orElse(error);
    }

    /** The text of the server is in its own language; only the state says that it takes no such login. */
    private static Throwable refusedLogin(PgException refusal, LinkTls tls) {
        if (!tls.isOn()) {
            return new UnfitStoreException(
                    "PostgreSQL refuses a connection in clear text: " + refusal.getErrorMessage(),
                    "If it wants TLS, say sslmode=verify-full in postgres.uri and name its CA by sslrootcert or"
                            + " postgres.tls.ca; else allow this user and address in its pg_hba.conf");
        }
        return new UnfitStoreException(
                "PostgreSQL refuses the login over TLS: " + refusal.getErrorMessage(),
                "Where it asks for a client certificate, name one that it trusts: postgres.tls.cert and"
                        + " postgres.tls.key; else allow this user and address in its pg_hba.conf");
    }
}
