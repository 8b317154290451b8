package dev.sluice.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must hold between the keys of the listeners and what their clients may take. */
final class ListenerRules {

    private ListenerRules() {}

    /** A listener that is to speak TLS can, with the files that are there now. */
    record Files(String section) implements Rules.Rule {

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
    record CertifiedAccounts() implements Rules.Rule {

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

    /** The bounds of connections, heads and bodies are those of HTTP/1.1. */
    record OldHttpOnly() implements Rules.Rule {

        @Override
        public Stream<String> keys() {
            return Stream.of("http.http2");
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting http2 = Rules.setting(settings, "http.http2");
            return Boolean.TRUE.equals(http2.value())
                    ? Optional.of(
                            http2.described() + ": HTTP/2 is not served yet, because the limits of connections and"
                                    + " heads are those of HTTP/1.1; leave it false, or put a proxy that speaks HTTP/2 in front")
                    : Optional.empty();
        }
    }

    /** What may come at once is a part of what may come in a second, for each account. */
    record Burst() implements Rules.Rule {

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
}
