package dev.sluice.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an account may submit, counted in orders and bytes over every way in.
 *
 * @param standard of each account that has no limits of its own
 * @param accounts the limits of some; nothing of {@code standard} holds for them
 */
public record QuotaConfig(
        @Key.Section("default") Limits standard,

        @Key.Each(
                of = Limits.class,
                name = "[A-Za-z0-9._-]{1,64}",
                why = "the limits of one account, with the keys of default, which holds for it no more")
        Map<String, Limits> accounts) {

    public QuotaConfig {
        accounts = Map.copyOf(accounts);
    }

    /** The limits that hold for an account. */
    public Limits of(String account) {
        return accounts.getOrDefault(account, standard);
    }

    /** The limits of one account. What is absent is without a limit, 0 is nothing, and all of them hold. */
    public record Limits(
            @Key(
                    def = "",
                    unit = "orders/s",
                    min = 0,
                    max = 1_000_000_000,
                    why = "orders that an account may submit, those of bulk requests counted one by one; beyond it"
                            + " 429. Not set: without a limit; 0: nothing")
            @Nullable
            Long ordersPerSecond,

            @Key(
                    def = "",
                    unit = "orders",
                    min = 0,
                    max = 1_000_000_000,
                    why = "orders that may come at once, after a pause; a bulk request of more is 400. Not set: as"
                            + " many as ordersPerSecond")
            @Nullable
            Long burst,

            @Key(
                    def = "",
                    unit = "bytes/s",
                    min = 0,
                    max = 1_000_000_000,
                    why = "bytes of bodies; a request begins while a byte is left, and its own may go below zero")
            @Nullable
            Long bytesPerSecond,

            @Key(
                    def = "",
                    unit = "requests",
                    min = 0,
                    max = 1_000_000,
                    why = "bulk requests of an account in progress at once")
            @Nullable
            Long concurrentBulk,

            @Key(
                    def = "",
                    unit = "connections",
                    min = 0,
                    max = 1_000_000,
                    why = "connections that an account uses at once; one counts for the account that used it last")
            @Nullable
            Long connections) {}
}
