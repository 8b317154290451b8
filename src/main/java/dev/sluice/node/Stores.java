package dev.sluice.node;

import dev.sluice.admin.Readiness;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.StoreMeters;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node rests on: PostgreSQL, and Redis where there is an overflow. It is ready while either takes orders.
 * Thread safe.
 */
final class Stores {

    private final Readiness.Condition condition;
    private final StoreWatch postgres;
    private final @Nullable StoreWatch redis;

    Stores(Readiness readiness, Metrics metrics, boolean withOverflow) {
        condition = readiness.condition(withOverflow ? "stores" : "postgres");
        StoreMeters meters = metrics.stores();
        postgres = new StoreWatch(
                "PostgreSQL", meters.postgresUp(), meters.postgresReconnects(), meters.unfit(), () -> changed());
        redis = withOverflow
                ? new StoreWatch("Redis", meters.redisUp(), meters.redisReconnects(), meters.unfit(), () -> changed())
                : null;
    }

    StoreWatch postgres() {
        return postgres;
    }

    /** Only of a node with an overflow. */
    StoreWatch redis() {
        if (redis == null) {
            throw new IllegalStateException("a node without an overflow has no Redis");
        }
        return redis;
    }

    /** Whether orders can be queued. */
    boolean overflowStands() {
        return redis != null && redis.trouble() == null;
    }

    /**
     * When either takes orders and the other was tried once, so that a start with an unsafe one fails though the other
     * was quicker.
     */
    Future<Void> answer() {
        if (redis == null) {
            return postgres.first();
        }
        return Future.all(Future.any(postgres.first(), redis.first()), postgres.tried(), redis.tried())
                .mapEmpty();
    }

    void giveUp() {
        postgres.giveUp();
        if (redis != null) {
            redis.giveUp();
        }
    }

    /** What to say where neither answered. */
    StoreUnreachableException unreachable() {
        List<String> refusals = new ArrayList<>();
        refusals.add("PostgreSQL (postgres.uri): " + postgres.refusal());
        if (redis != null) {
            refusals.add("Redis (redis.uri): " + redis.refusal());
        }
        return new StoreUnreachableException(String.join("; ", refusals));
    }

    /** One at a time, so that the last word is about the last change. */
    private synchronized void changed() {
        List<String> troubles = new ArrayList<>();
        if (redis == null) {
            addIfThere(troubles, "", postgres.trouble());
        } else {
            addIfThere(troubles, "PostgreSQL: ", postgres.trouble());
            addIfThere(troubles, "Redis: ", redis.trouble());
        }
        if (troubles.isEmpty()) {
            condition.holds();
        } else if (redis != null && troubles.size() == 1) {
            condition.holdsDespite(troubles.get(0));
        } else {
            condition.fails(String.join("; ", troubles));
        }
    }

    private static void addIfThere(List<String> troubles, String who, @Nullable String trouble) {
        if (trouble != null) {
            troubles.add(who + trouble);
        }
    }
}
