package dev.sluice.config;

import dev.sluice.config.LinkTls.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What must hold between keys. A rule whose keys have problems of their own is skipped: it would only repeat them.
 */
final class Rules {

    private static final List<Rule> OWN = List.of(
            // product.md section 3
            new Less(List.of("writer.deadlineMs"), "bus.deadlineMs", false, "the store's answer must reach the intake"),
            new Less(List.of("bus.deadlineMs"), "http.deadlineMs", false, "the outcome must reach the client"),
            new WithOverflow(new Less(
                    List.of("writer.deadlineMs", "overflow.deadlineMs"),
                    "bus.deadlineMs",
                    false,
                    "what the store did not take is offered to Redis, whose answer must reach the intake")),
            new WithOverflow(new Less(
                    List.of("bus.deadlineMs", "overflow.deadlineMs"),
                    "http.deadlineMs",
                    false,
                    "what no writer answered is offered to Redis, whose answer must reach the client")),
            new Less(List.of("http.deadlineMs"), "http.idleTimeoutMs", false, "a waiting client is silent"),
            new Less(
                    List.of("shutdown.graceMs", "http.deadlineMs"),
                    "shutdown.deadlineMs",
                    false,
                    "what is in flight must be answered before the node leaves"),
            new Less(List.of("writer.batchMax"), "writer.bufferMax", true, "a batch fills from the buffer"),
            new Less(List.of("writer.batchBytesMax"), "writer.bufferBytesMax", true, "a batch fills from the buffer"),
            new Less(List.of("http.bodyBytesMax"), "writer.batchBytesMax", true, "the largest order must fit a batch"),
            new Less(List.of("bus.messageOrdersMax"), "writer.bufferMax", true, "a message must fit an empty buffer"),
            new Listed("http.allowedHosts", "[A-Za-z0-9._-]+", "names without scheme and port"),
            new Listed("admin.allowedHosts", "[A-Za-z0-9._-]+", "names without scheme and port"),
            new Listed("http.cors.origins", "https?://[a-z0-9._:\\[\\]-]+", "origins such as https://shop.example"),
            new Listed("redis.sentinels", "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?", "host:port of each"),
            new ClusterRules.NoneOnlyInACluster(),
            new ClusterRules.Members(),
            new ClusterRules.BusFiles(),
            new Link("postgres"),
            new Link("redis"),
            new ListenerRules.Files("http"),
            new ListenerRules.Files("admin"),
            new ListenerRules.CertifiedAccounts(),
            new ListenerRules.Burst());

    private static final List<Rule> ALL =
            Stream.concat(OWN.stream(), ListenerRules.ACCESS.stream()).toList();

    private Rules() {}

    static List<String> problems(Map<String, Setting> settings) {
        return ALL.stream()
                .filter(rule -> rule.keys().allMatch(settings::containsKey))
                .flatMap(rule -> rule.problem(settings).stream())
                .toList();
    }

    /** Every key that a rule speaks of. */
    static Stream<String> keys() {
        return ALL.stream().flatMap(Rule::keys);
    }

    /** One rule. */
    interface Rule {

        /** The keys that it speaks of. */
        Stream<String> keys();

        /** What does not hold, and what mends it. */
        Optional<String> problem(Map<String, Setting> settings);
    }

    /** The sum of the terms is below the bound, or at most the bound. */
    private record Less(List<String> terms, String bound, boolean orEqual, String why) implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.concat(terms.stream(), Stream.of(bound));
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            long sum = terms.stream().mapToLong(term -> number(settings, term)).sum();
            long limit = number(settings, bound);
            boolean holds = orEqual ? sum <= limit : sum < limit;
            return holds ? Optional.empty() : Optional.of(message(settings));
        }

        private String message(Map<String, Setting> settings) {
            String left = terms.stream()
                    .map(term -> setting(settings, term).described())
                    .collect(Collectors.joining(" + "));
            return left + " must be " + (orEqual ? "at most " : "below ")
                    + setting(settings, bound).described() + ": " + why + "; raise " + bound + " or lower "
                    + String.join(" or ", terms);
        }
    }

    /** A rule that only holds where orders are queued; silent where the one without the queue is broken already. */
    private record WithOverflow(Less rule) implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.concat(rule.keys(), Stream.of("overflow.enabled", "redis.uri"));
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            boolean queues =
                    Boolean.TRUE.equals(setting(settings, "overflow.enabled").value())
                            && setting(settings, "redis.uri").value() != null;
            boolean said = number(settings, rule.terms.get(0)) >= number(settings, rule.bound);
            return queues && !said ? rule.problem(settings) : Optional.empty();
        }
    }

    /** A list, commas between, of what looks like that. */
    private record Listed(String key, String one, String hint) implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.of(key);
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting list = setting(settings, key);
            boolean holds = !(list.value() instanceof String text)
                    || ValueParser.list(text).stream().allMatch(part -> part.matches(one));
            return holds
                    ? Optional.empty()
                    : Optional.of(list.described() + " is no list; write " + hint + ", commas between");
        }
    }

    /** What a store's URI and the TLS files beside it ask for can be had. */
    private record Link(String section) implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.of(".uri", ".tls.ca", ".tls.cert", ".tls.key").map(section::concat);
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting uri = setting(settings, section + ".uri");
            TlsFiles tls =
                    new TlsFiles(file(settings, ".tls.ca"), file(settings, ".tls.cert"), file(settings, ".tls.key"));
            try {
                LinkTls.of(uri.value(), tls);
                return Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.of(uri.key().name() + " (" + uri.origin() + "): " + e.getMessage());
            }
        }

        private @Nullable Path file(Map<String, Setting> settings, String key) {
            return (Path) setting(settings, section + key).value();
        }
    }

    /** Judged by the text alone, without a look-up: a name other than localhost counts as beyond. */
    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    static long number(Map<String, Setting> settings, String key) {
        return setting(settings, key).value() instanceof Number number ? number.longValue() : 0;
    }

    static Setting setting(Map<String, Setting> settings, String key) {
        Setting setting = settings.get(key);
        if (setting == null) {
            throw new IllegalStateException("a rule speaks of " + key + ", which is no key");
        }
        return setting;
    }
}
