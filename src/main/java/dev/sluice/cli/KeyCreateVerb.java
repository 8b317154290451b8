package dev.sluice.cli;

import dev.sluice.auth.Accounts;
import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice key create}: a new key, printed once. */
@Command(
        name = "create",
        description = "Make a key and print it. It is shown this once; only its hash is kept.",
        footer = {
            "",
            "Clients that used to come without credentials need a key of account default:",
            "another account would take a repeated order for a new one."
        })
final class KeyCreateVerb extends Verb implements Callable<Integer> {

    private static final int NOTE_LENGTH_MAX = 200;

    @Mixin
    KeyOptions keys = new KeyOptions();

    @Option(names = "--account", paramLabel = "NAME", defaultValue = Accounts.DEFAULT, description = "default: default")
    String account = Accounts.DEFAULT;

    @Option(
            names = "--scopes",
            paramLabel = "SCOPE",
            split = ",",
            defaultValue = "submit,read",
            description = "submit, read, ops:read, ops:write, dead:read, dead:write, keys; default submit,read")
    List<String> scopes = new ArrayList<>();

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "it is valid for so long, such as 90d; default for ever")
    @Nullable
    Duration expires;

    @Option(
            names = "--not-before",
            paramLabel = "INSTANT",
            description = "valid from then, such as 2030-01-01T00:00:00Z")
    @Nullable
    Instant notBefore;

    @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "what it is for")
    String note = "";

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() throws Exception {
        if (!Accounts.isValid(account)) {
            throw new ParameterException(commandLine(), "--account is 1 to 64 of [A-Za-z0-9._-]");
        }
        if (note.length() > NOTE_LENGTH_MAX || note.chars().anyMatch(Character::isISOControl)) {
            throw new ParameterException(commandLine(), "--note has at most 200 characters, all printable");
        }
        Set<Scope> wanted = wanted();
        Instant expiresAt = expires == null ? null : KeyOptions.after(expires);
        KeyText text = KeyText.fresh(new SecureRandom());
        ApiKey.Made made = ApiKey.made(text, account, wanted, KeyOptions.now(), notBefore, expiresAt, note);
        keys.use(registry -> registry.add(made.stored()));
        KeyOptions.print(this, made, output.json);
        return ExitCodes.OK;
    }

    private Set<Scope> wanted() {
        String unknown = scopes.stream().filter(text -> Scope.of(text) == null).collect(Collectors.joining(", "));
        if (!unknown.isEmpty()) {
            String known = Arrays.stream(Scope.values()).map(Scope::text).collect(Collectors.joining(", "));
            throw new ParameterException(commandLine(), "no such scope: " + unknown + "; there are " + known);
        }
        return Scope.known(scopes);
    }
}
