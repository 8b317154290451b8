package dev.sluice.config;

import dev.sluice.config.AuthConfig.Mode;
import dev.sluice.config.Rules.Rule;
import dev.sluice.config.value.Instances;
import dev.sluice.config.value.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must hold between the keys of the listeners and what their clients may take. */
final class ListenerRules {

    /** Who reaches a node. */
    static final List<Rule> ACCESS = List.of(
            new AdminToken(),
            new AnonymousClients(),
            new Account("auth.anonymousAccount"),
            new Account("bridge.account"),
            new JwtIsComplete(),
            new JwksUri());

    private ListenerRules() {}

    /** A listener that is to speak TLS can, with the files that are there now. */
    record Files(String section) implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.of(".tls.cert", ".tls.key", ".tls.clientCa", ".tls.clientAuth")
                    .map(section::concat);
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            ListenerTls tls = new ListenerTls(
                    file(settings, ".tls.cert"),
                    file(settings, ".tls.key"),
                    file(settings, ".tls.clientCa"),
                    (ListenerTls.ClientAuth) Objects.requireNonNull(
                            Rules.setting(settings, section + ".tls.clientAuth").value()));
            return Optional.ofNullable(tls.problem()).map(problem -> {
                Setting key = Rules.setting(settings, section + ".tls." + problem.key());
                return key.key().name() + " (" + key.origin() + "): " + problem.text();
            });
        }

        private @Nullable Path file(Map<String, Setting> settings, String key) {
            return (Path) Rules.setting(settings, section + key).value();
        }
    }

    /** An account can be read from a certificate only where one is asked for. */
    record CertifiedAccounts() implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.of("http.clientAccounts", "http.tls.clientAuth");
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            boolean holds = Rules.setting(settings, "http.clientAccounts").value() == null
                    || Rules.setting(settings, "http.tls.clientAuth").value() != ListenerTls.ClientAuth.NONE;
            return holds
                    ? Optional.empty()
                    : Optional.of("http.clientAccounts ("
                            + Rules.setting(settings, "http.clientAccounts").origin()
                            + "): no client is asked for a certificate; set http.tls.clientAuth to request or require");
        }
    }

    /** What may come at once is a part of what may come in a second, for each account. */
    record Burst() implements Rule {

        private static final String BURST = ".burst";
        private static final String RATE = ".ordersPerSecond";

        @Override
        public Stream<String> keys() {
            return Stream.of("quota.default" + BURST, "quota.default" + RATE);
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            return settings.values().stream()
                    .filter(one -> one.key().name().startsWith("quota.")
                            && one.key().name().endsWith(BURST)
                            && one.value() != null)
                    .filter(one -> {
                        Setting rate = settings.get(one.key().section() + RATE);
                        return rate == null || rate.value() == null;
                    })
                    .findFirst()
                    .map(one -> one.described() + " needs " + one.key().section() + RATE + ": set it, or leave out the"
                            + " burst");
        }
    }

    /** The admin API can stop and drain a node: beyond this machine only with credentials that are not guessed. */
    private record AdminToken() implements Rule {

        private static final int CHARACTERS_MIN = 32;

        @Override
        public Stream<String> keys() {
            return Stream.of("admin.host", "admin.token", "auth.mode");
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting host = Rules.setting(settings, "admin.host");
            Setting token = Rules.setting(settings, "admin.token");
            boolean isSet = token.value() instanceof Secret;
            boolean keys = isOn(settings) && !isSet;
            if (Rules.isLoopback(String.valueOf(host.shown())) || isLong(token) || keys) {
                return Optional.empty();
            }
            return Optional.of(host.described() + " is beyond loopback and admin.token "
                    + (isSet ? "has fewer than " + CHARACTERS_MIN + " characters" : "is not set")
                    + "; set SLUICE_ADMIN_TOKEN to what `openssl rand -base64 32` prints, or admin.host to 127.0.0.1"
                    + (isSet ? "" : ", or auth.mode to keys"));
        }

        private static boolean isLong(Setting token) {
            return token.value() instanceof Secret secret
                    && secret.value().strip().length() >= CHARACTERS_MIN;
        }
    }

    private static boolean isOn(Map<String, Setting> settings) {
        return Rules.setting(settings, "auth.mode").value() != Mode.OFF;
    }

    /** An order API without credentials is for this machine, unless its operator says otherwise. */
    private record AnonymousClients() implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.of("http.host", "http.allowAnonymous", "http.instances", "auth.mode");
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting host = Rules.setting(settings, "http.host");
            boolean listens = !(Rules.setting(settings, "http.instances").value() instanceof Instances instances)
                    || instances.resolve(1) > 0;
            boolean holds = Rules.isLoopback(String.valueOf(host.shown()))
                    || Boolean.TRUE.equals(
                            Rules.setting(settings, "http.allowAnonymous").value())
                    || isOn(settings);
            return holds || !listens
                    ? Optional.empty()
                    : Optional.of(host.described() + " is beyond loopback and "
                            + Rules.setting(settings, "auth.mode").described()
                            + " asks for no credentials; set auth.mode to keys, http.allowAnonymous to true to serve"
                            + " every client that reaches it, or http.host to 127.0.0.1");
        }
    }

    /** A name as accounts have it. */
    private record Account(String key) implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.of(key);
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting account = Rules.setting(settings, key);
            boolean holds = !(account.value() instanceof String text) || text.matches("[A-Za-z0-9._-]{1,64}");
            return holds
                    ? Optional.empty()
                    : Optional.of(account.described() + " is no account; write 1 to 64 of [A-Za-z0-9._-]");
        }
    }

    /** Tokens of any issuer, or for any audience, would be let in. */
    private record JwtIsComplete() implements Rule {

        private static final List<String> NEEDED = List.of("auth.jwt.issuer", "auth.jwt.jwksUri", "auth.jwt.audience");

        @Override
        public Stream<String> keys() {
            return Stream.concat(Stream.of("auth.mode"), NEEDED.stream());
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting mode = Rules.setting(settings, "auth.mode");
            boolean tokens = mode.value() == Mode.JWT || mode.value() == Mode.KEYS_AND_JWT;
            String missing = NEEDED.stream()
                    .filter(key -> Rules.setting(settings, key).value() == null)
                    .collect(Collectors.joining(" and "));
            return tokens && !missing.isEmpty()
                    ? Optional.of(mode.described() + " takes tokens and needs " + missing + "; set it, or auth.mode to"
                            + " keys")
                    : Optional.empty();
        }
    }

    /** Public keys that another could put in on the way would let in anyone. */
    private record JwksUri() implements Rule {

        private static final String KEY = "auth.jwt.jwksUri";

        @Override
        public Stream<String> keys() {
            return Stream.of(KEY);
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting setting = Rules.setting(settings, KEY);
            boolean holds = !(setting.value() instanceof String text) || isSafe(text);
            return holds
                    ? Optional.empty()
                    : Optional.of(setting.described()
                            + " must be an https URI (http only on this machine): others could put in keys of their"
                            + " own on the way");
        }

        private static boolean isSafe(String text) {
            try {
                URI uri = new URI(text);
                String host = uri.getHost();
                boolean here = host != null && Rules.isLoopback(host);
                return host != null && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && here));
            } catch (URISyntaxException e) {
                return false;
            }
        }
    }
}
