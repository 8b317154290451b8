package dev.sluice.cli;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeyText;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.log.Audit;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice key rotate ID}: a new key in its place; the old one works on for the overlap. */
@Command(name = "rotate", description = "Make a key in the place of another, which works on for the overlap.")
final class KeyRotateVerb extends Verb implements Callable<Integer> {

    @Mixin
    KeyOptions keys = new KeyOptions();

    @Parameters(paramLabel = "ID", description = "of the old key")
    String id = "";

    @Option(
            names = "--overlap",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "how long the old key works beside the new one; default 24h")
    Duration overlap = Duration.ofHours(24);

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() throws Exception {
        String old = KeyOptions.id(this, id);
        ApiKey.Made made = keys.use(registry -> rotate(registry, old));
        Audit.did(KeyOptions.user(), "rotate key", "key " + old, "the old one works on for " + overlap);
        KeyOptions.print(this, made, output.json);
        return ExitCodes.OK;
    }

    /** The new one first: where the second step fails, both work. */
    private Future<ApiKey.Made> rotate(KeyRegistry registry, String old) {
        Instant now = KeyOptions.now();
        return registry.all()
                .map(all -> all.stream().filter(key -> key.keyId().equals(old)).findFirst())
                .compose(found -> found.map(key -> successor(key, now))
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(KeyOptions.unknown(old))))
                .compose(made -> registry.add(made.stored())
                        .compose(added -> registry.end(old, now.plus(overlap), null))
                        .map(made));
    }

    private static ApiKey.Made successor(ApiKey key, Instant now) {
        if (key.isRevoked() || key.isExpiredAt(now)) {
            throw new CliException(
                    ExitCodes.FAILED, "key " + key.keyId() + " is over; `sluice key create` makes another one");
        }
        KeyText text = KeyText.fresh(new SecureRandom());
        return ApiKey.made(text, key.account(), key.scopes(), now, null, key.expiresAt(), key.note());
    }
}
