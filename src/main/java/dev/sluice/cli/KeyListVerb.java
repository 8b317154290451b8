package dev.sluice.cli;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.Scope;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.keys.KeysJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice key list}: a line each, the newest first. */
@Command(name = "list", description = "List keys, the newest first, without their secrets.")
final class KeyListVerb extends Verb implements Callable<Integer> {

    @Mixin
    KeyOptions keys = new KeyOptions();

    @Option(names = "--account", paramLabel = "NAME", description = "only those of this account")
    @Nullable
    String account;

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() throws Exception {
        List<ApiKey> found = keys.use(KeyRegistry::all).stream()
                .filter(key -> account == null || key.account().equals(account))
                .toList();
        if (output.json) {
            JsonArray array = new JsonArray();
            found.forEach(key -> array.add(KeysJson.shown(key)));
            JsonOption.print(out(), new JsonObject().put("keys", array));
        } else if (found.isEmpty()) {
            out().println("no keys");
        } else {
            Instant now = Instant.now();
            found.forEach(key -> out().println(line(key, now)));
        }
        out().flush();
        return ExitCodes.OK;
    }

    private static String line(ApiKey key, Instant now) {
        return DeadListVerb.printable(key.keyId() + "  " + state(key, now) + "  " + key.account() + "  "
                + Scope.text(key.scopes()).replace(' ', ',') + "  made " + key.createdAt()
                + (key.note().isEmpty() ? "" : "  " + key.note()));
    }

    private static String state(ApiKey key, Instant now) {
        if (key.isRevoked()) {
            return "revoked " + key.revokedAt();
        }
        if (key.isExpiredAt(now)) {
            return "expired " + key.expiresAt();
        }
        if (!key.isValidAt(now)) {
            return "valid from " + key.notBefore();
        }
        return key.expiresAt() == null ? "valid" : "valid until " + key.expiresAt();
    }
}
