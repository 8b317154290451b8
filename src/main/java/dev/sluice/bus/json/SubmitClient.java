package dev.sluice.bus.json;

import dev.sluice.auth.Accounts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;

/** Sends orders to {@link SubmitVerticle#ADDRESS} as any member of the cluster may. Lives on one event loop. */
public final class SubmitClient {

    private final EventBus bus;
    private final DeliveryOptions options;

    /**
     * A client of one account.
     *
     * @param timeout after which a message without an answer is given up
     * @throws IllegalArgumentException where no account can have that name
     */
    public SubmitClient(Vertx vertx, String account, Duration timeout) {
        this.bus = vertx.eventBus();
        this.options = new DeliveryOptions()
                .addHeader(SubmitVerticle.ACCOUNT, requireAccount(account))
                .setSendTimeout(timeout.toMillis());
    }

    /**
     * The account's name again.
     *
     * @throws IllegalArgumentException where no account can have that name
     */
    public static String requireAccount(String account) {
        if (!Accounts.isValid(account)) {
            throw new IllegalArgumentException("'" + account + "' is no account: 1 to 64 of [A-Za-z0-9._-]");
        }
        return account;
    }

    /** Sends one order or an array of them; never fails. */
    public Future<SubmitReply> submit(Buffer json) {
        return bus.<Buffer>request(SubmitVerticle.ADDRESS, json, options)
                .map(SubmitReply::answer)
                .otherwise(SubmitReply::failure);
    }
}
