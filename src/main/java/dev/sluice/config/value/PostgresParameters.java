package dev.sluice.config.value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a PostgreSQL URI. Each of libpq's is honoured, or refused unless it asks for what Sluice does
 * anyway; a name that libpq does not know is an error there and here.
 *
 * @param byName as they are written, decoded
 */
record PostgresParameters(Map<String, String> byName) {

    private static final Set<String> HONOURED = Set.of(
            "user",
            "password",
            "host",
            "port",
            "dbname",
            "application_name",
            "fallback_application_name",
            "options",
            "connect_timeout",
            "sslmode",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "ssl_min_protocol_version",
            "ssl_max_protocol_version");

    /** What Sluice does anyway; any other value asks for something else. */
    private static final Map<String, List<String>> AS_SLUICE_DOES = Map.ofEntries(
            Map.entry("channel_binding", List.of("prefer")),
            Map.entry("client_encoding", List.of("utf8", "utf-8", "unicode")),
            Map.entry("gssencmode", List.of("disable")),
            Map.entry("load_balance_hosts", List.of("disable")),
            Map.entry("replication", List.of("false", "off", "no", "0")),
            Map.entry("sslcertmode", List.of("allow")),
            Map.entry("sslcompression", List.of("0")),
            Map.entry("sslnegotiation", List.of("postgres")),
            Map.entry("sslsni", List.of("1")),
            Map.entry("target_session_attrs", List.of("any")));

    private static final Set<String> NOT_HONOURED = Set.of(
            "gssdelegation",
            "gsslib",
            "hostaddr",
            "keepalives",
            "keepalives_count",
            "keepalives_idle",
            "keepalives_interval",
            "krbsrvname",
            "max_protocol_version",
            "min_protocol_version",
            "oauth_client_id",
            "oauth_client_secret",
            "oauth_issuer",
            "oauth_scope",
            "passfile",
            "require_auth",
            "requirepeer",
            "scram_client_key",
            "scram_server_key",
            "service",
            "servicefile",
            "sslcrl",
            "sslcrldir",
            "sslkeylogfile",
            "sslpassword",
            "tcp_user_timeout");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_]{1,40}");
    private static final List<String> TLS_VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final int TIMEOUT_SECONDS_MAX = 60;
    private static final int TIMEOUT_SECONDS_MIN = 2;

    /** @throws IllegalArgumentException names the parameter that is not honoured, and repeats no other value */
    PostgresParameters {
        byName = new LinkedHashMap<>(byName);
        if ("true".equals(byName.remove("ssl"))) { // as libpq takes it from users of JDBC
            byName.put("sslmode", SslMode.REQUIRE.toString());
        }
        byName.forEach(PostgresParameters::require);
    }

    private static void require(String name, String value) {
        List<String> same = AS_SLUICE_DOES.get(name);
        if (HONOURED.contains(name) || (same != null && same.contains(value.toLowerCase(Locale.ROOT)))) {
            return;
        }
        if (same != null) {
            throw new IllegalArgumentException(
                    "has the parameter " + name + " with a value that Sluice does not honour;"
                            + " leave it out, or write " + name + "=" + same.get(0) + ", which is what Sluice does");
        }
        if (NOT_HONOURED.contains(name)) {
            throw new IllegalArgumentException(
                    "has the parameter " + name + ", which Sluice does not honour; leave it out");
        }
        throw new IllegalArgumentException(unknown(name));
    }

    private static String unknown(String name) {
        if (!NAME.matcher(name).matches()) {
            return "has a parameter that psql does not know either; write / ? # @ in a password as %2F %3F %23 %40";
        }
        Set<String> known = new TreeSet<>(HONOURED);
        known.addAll(AS_SLUICE_DOES.keySet());
        String meant = Nearest.to(name, known)
                .map(nearest -> ", did you mean " + nearest + "?")
                .orElse("");
        return "has the parameter " + name + ", which psql does not know either" + meant;
    }

    /** The value, or that of the URI's own place where the parameter is missing. */
    String or(String name, String otherwise) {
        return byName.getOrDefault(name, otherwise);
    }

    @Nullable
    String get(String name) {
        String value = byName.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Null where the URI asks for none. */
    @Nullable
    SslMode sslMode() {
        String text = get("sslmode");
        return text == null ? null : SslMode.parse(text);
    }

    /** libpq waits for two seconds at least. Null where the URI does not say. */
    @Nullable
    Integer connectTimeoutMs() {
        String text = get("connect_timeout");
        if (text == null) {
            return null;
        }
        int seconds = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        UriParts.require(
                seconds > 0 && seconds <= TIMEOUT_SECONDS_MAX,
                "has a connect_timeout that is not 1.." + TIMEOUT_SECONDS_MAX
                        + " seconds; Sluice waits for none without" + " an end");
        return (int) java.util.concurrent.TimeUnit.SECONDS.toMillis(Math.max(TIMEOUT_SECONDS_MIN, seconds));
    }

    /** The versions of TLS between the two bounds that this JVM has: 1.2 and 1.3 at most. */
    List<String> tlsVersions() {
        int min = version("ssl_min_protocol_version", 0);
        int max = version("ssl_max_protocol_version", TLS_VERSIONS.size() - 1);
        List<String> versions = TLS_VERSIONS.subList(2, TLS_VERSIONS.size()).stream()
                .filter(version -> TLS_VERSIONS.indexOf(version) >= min && TLS_VERSIONS.indexOf(version) <= max)
                .toList();
        UriParts.require(
                !versions.isEmpty(),
                "leaves neither TLSv1.2 nor TLSv1.3 by ssl_min_protocol_version and" + " ssl_max_protocol_version");
        return versions;
    }

    private int version(String parameter, int otherwise) {
        String text = get(parameter);
        int version = text == null ? otherwise : TLS_VERSIONS.indexOf(text);
        UriParts.require(version >= 0, "has an " + parameter + " that is none of " + String.join(", ", TLS_VERSIONS));
        return version;
    }
}
