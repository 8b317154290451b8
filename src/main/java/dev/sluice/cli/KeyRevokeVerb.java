package dev.sluice.cli;

import dev.sluice.auth.ApiKey;
import dev.sluice.keys.KeysJson;
import dev.sluice.log.Audit;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sluice key revoke ID}: it works no more once the nodes have read the keys again. */
@Command(name = "revoke", description = "End a key: nodes refuse it within auth.refreshMs.")
final class KeyRevokeVerb extends Verb implements Callable<Integer> {

    @Mixin
    KeyOptions keys = new KeyOptions();

    @Parameters(paramLabel = "ID", description = "of the key, as `sluice key list` shows it")
    String id = "";

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() throws Exception {
        String revoked = KeyOptions.id(this, id);
        Instant now = KeyOptions.now();
        Optional<ApiKey> key = keys.use(registry -> registry.end(revoked, null, now));
        if (key.isEmpty()) {
            throw KeyOptions.unknown(revoked);
        }
        Audit.did(
                KeyOptions.user(),
                "revoke key",
                "key " + revoked + " of " + key.get().account(),
                "done");
        if (output.json) {
            JsonOption.print(out(), KeysJson.shown(key.get()));
        } else {
            out().println("revoked " + revoked + "; nodes refuse it within auth.refreshMs");
            out().flush();
        }
        return ExitCodes.OK;
    }
}
