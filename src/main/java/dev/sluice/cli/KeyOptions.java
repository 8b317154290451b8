package dev.sluice.cli;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import dev.sluice.config.SluiceConfig;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.keys.KeysJson;
import dev.sluice.log.Audit;
import dev.sluice.log.LogSetup;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import picocli.CommandLine.ParameterException;

/** The keys that the configuration of a verb names: {@code auth.keysFile}, else the table in {@code postgres.uri}. Mixed in. */
final class KeyOptions extends ConfigOptions {

    /** Works on the keys; blocks. */
    <T> T use(Function<KeyRegistry, Future<T>> work) throws Exception {
        SluiceConfig config = load().config();
        LogSetup.apply(config.log());
        return NodeRun.keys(config, work);
    }

    /** What PostgreSQL keeps of a time. */
    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /** An id as it was typed. */
    static String id(Verb verb, String text) {
        KeyText whole = KeyText.parse(text);
        String id = whole == null ? text : whole.id();
        if (!KeyText.isId(id)) {
            throw new ParameterException(
                    verb.commandLine(), "ID is the 12 letters and digits after slk_, as `sluice key list` shows them");
        }
        return id;
    }

    static CliException unknown(String id) {
        return new CliException(
                ExitCodes.FAILED, "there is no key " + id + "; `sluice key list` shows those there are");
    }

    /** Prints a key that was just made, this once: alone on stdout, so that a script can take it. */
    static void print(Verb verb, ApiKey.Made made, boolean json) {
        PrintWriter out = verb.out();
        ApiKey key = made.stored();
        Audit.did(user(), "create key", "key " + key.keyId() + " of " + key.account(), Scope.text(key.scopes()));
        if (json) {
            JsonOption.print(
                    out, new JsonObject().put("key", made.text().text()).mergeIn(KeysJson.shown(key)));
        } else {
            out.println(made.text().text());
            out.flush();
            PrintWriter err = verb.commandLine().getErr();
            err.println("sluice: " + described(key) + "; it is shown this once");
            err.flush();
        }
    }

    static String described(ApiKey key) {
        return "key " + key.keyId() + " of account " + key.account() + ", scopes " + Scope.text(key.scopes())
                + (key.expiresAt() == null ? "" : ", until " + key.expiresAt());
    }

    /** For the audit log. */
    static String user() {
        return "user " + System.getProperty("user.name", "unknown") + " at the command line";
    }

    /** When something that lasts so long is over. */
    static Instant after(Duration time) {
        return now().plus(time);
    }
}
