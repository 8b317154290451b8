package dev.sluice.node;

import dev.sluice.config.ConfigException;
import dev.sluice.config.PostgresConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.load.verify.OverflowSource;
import dev.sluice.load.verify.PostgresRows;
import dev.sluice.load.verify.Source;
import dev.sluice.store.postgres.PgLink;
import dev.sluice.store.redis.RedisLink;
import dev.sluice.store.redis.StoredForms;
import dev.sluice.wire.Forms;
import java.util.List;
import java.util.function.UnaryOperator;

/** Where {@code sluice verify} looks for orders: the stores of a configuration, reached as a node reaches them. */
public final class VerifySources {

    private static final StoredForms STORED = new StoredForms(Forms.ofThisRelease());

    private static final OverflowSource.Decoder DECODER = new OverflowSource.Decoder(
            STORED::order, value -> STORED.deadLetter(value, false).order());

    private VerifySources() {}

    /** The overflow first: what is drained meanwhile is found here or there. */
    public static List<Source> of(SluiceConfig config) {
        if (config.hasOverflow() && config.redis().cluster()) {
            throw new ConfigException("verify does not read a Redis Cluster (redis.cluster): wait until"
                    + " `sluice overflow status` says 0 entries, and verify with overflow.enabled=false");
        }
        Source rows = rows(config.postgres());
        return config.hasOverflow() ? List.of(overflow(config.redis(), DECODER), rows) : List.of(rows);
    }

    /** The rows of a PostgreSQL. */
    public static Source rows(PostgresConfig config) {
        return new PostgresRows(
                String.valueOf(config.uri()), vertx -> PgLink.connect(vertx, config, UnaryOperator.identity()));
    }

    /** The overflow in a Redis. */
    public static Source overflow(SluiceConfig.Redis config, OverflowSource.Decoder decoder) {
        return new OverflowSource(
                String.valueOf(config.uri()),
                vertx -> {
                    RedisLink link = new RedisLink(vertx, config);
                    return link.client().compose(link::connect);
                },
                decoder);
    }
}
