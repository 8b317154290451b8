package dev.sluice.cli;

import dev.sluice.auth.Accounts;
import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import dev.sluice.config.SluiceConfig;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.keys.PrivateFile;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;

/**
 * The key of {@code dev --auth}: account default, all scopes. It is kept in a file of the data directory, which only its
 * owner reads, so that a command line keeps working across restarts.
 */
final class DevKey {

    private static final String FILE = "dev-key";

    private DevKey() {}

    /** The key, in force; made where there is none, or it was ended. Blocks. */
    static String in(Path dataDirectory, SluiceConfig config) throws Exception {
        Path file = dataDirectory.resolve(FILE);
        KeyText kept =
                PrivateFile.read(file).map(String::strip).map(KeyText::parse).orElse(null);
        if (kept != null && NodeRun.keys(config, registry -> isInForce(registry, kept))) {
            return kept.text();
        }
        KeyText made = KeyText.fresh(new SecureRandom());
        ApiKey stored = ApiKey.made(
                        made,
                        Accounts.DEFAULT,
                        EnumSet.allOf(Scope.class),
                        KeyOptions.now(),
                        null,
                        null,
                        "made by sluice dev --auth")
                .stored();
        NodeRun.keys(config, registry -> registry.add(stored));
        write(file, made);
        return made.text();
    }

    private static Future<Boolean> isInForce(KeyRegistry registry, KeyText key) {
        return registry.current()
                .map(keys -> keys.stream().anyMatch(one -> one.keyId().equals(key.id())));
    }

    private static void write(Path file, KeyText key) throws IOException {
        PrivateFile.write(file, key.text() + "\n");
    }
}
