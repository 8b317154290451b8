package dev.sluice.config.value;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a PostgreSQL as libpq reads it: {@code postgresql://[user[:password]@][host][:port][/database][?name=value]},
 * where every part may be missing and a parameter outranks the part that it repeats. Read where the process runs: without
 * a user it is the one of the operating system, without a database the one named like the user, without a host the
 * unix socket. The environment ({@code PGHOST} and the like) is not read.
 *
 * @param database its name
 * @param sslMode null where the URI asks for none
 * @param rootCert the CA's file, or {@code system}; null where the URI names none
 * @param cert the client certificate's file, and its key's
 * @param tlsVersions the ones allowed, {@code TLSv1.3}
 * @param connectTimeoutMs null where the URI does not say
 * @param startup settings that go to the server with the first message
 */
public record PostgresUri(
        String value,
        String shown,
        String withoutPassword,
        String host,
        int port,
        String user,
        @Nullable String password,
        String database,
        @Nullable SslMode sslMode,
        @Nullable String rootCert,
        @Nullable String cert,
        @Nullable String key,
        List<String> tlsVersions,
        @Nullable Integer connectTimeoutMs,
        Map<String, String> startup)
        implements StoreUri {

    private static final List<String> SCHEMES = List.of("postgresql", "postgres");
    private static final int PORT = 5432;

    /** Debian's folder and that of PostgreSQL's own build. */
    private static final List<String> SOCKET_FOLDERS = List.of("/var/run/postgresql", "/tmp");

    public PostgresUri {
        tlsVersions = List.copyOf(tlsVersions);
        startup = Map.copyOf(startup);
    }

    static PostgresUri parse(String text) {
        UriParts parts;
        try {
            parts = UriParts.split(text, PostgresUri::userInfoEnd);
            UriParts.require(SCHEMES.contains(parts.scheme()), "has a scheme that is not postgresql");
            return of(text, parts, new PostgresParameters(parts.parameters()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + " (the form is " + POSTGRES_FORM + ")", e);
        }
    }

    /** As libpq looks for it: a slash ends the search, so a password has none. */
    private static int userInfoEnd(String rest) {
        int at = rest.indexOf('@');
        int slash = rest.indexOf('/');
        return slash >= 0 && slash < at ? -1 : at;
    }

    private static PostgresUri of(String text, UriParts parts, PostgresParameters parameters) {
        String port = parameters.or("port", PercentCode.decoded(parts.port()));
        int number = UriParts.port(port, PORT);
        String host = host(parameters.or("host", PercentCode.decoded(parts.host())), number);
        String user = user(parameters.or("user", parts.userWord()));
        String password = emptyIsNull(parameters.or("password", orEmpty(parts.passwordWord())));
        String database = parameters.or("dbname", PercentCode.decoded(parts.path()));
        String encodedUser = parts.userInfo() == null ? "" : parts.userInfo().split(":", 2)[0];
        boolean named = parts.passwordWord() != null;
        return new PostgresUri(
                text,
                parts.shown(
                        parts.userInfo() == null ? "" : encodedUser + (named ? ":" + Secret.MASK : "") + "@",
                        Secret.MASK),
                parts.shown(encodedUser.isEmpty() ? "" : encodedUser + "@", null),
                host,
                number,
                user,
                password,
                database.isEmpty() ? user : database,
                parameters.sslMode(),
                parameters.get("sslrootcert"),
                parameters.get("sslcert"),
                parameters.get("sslkey"),
                parameters.tlsVersions(),
                parameters.connectTimeoutMs(),
                startup(parameters));
    }

    private static String host(String text, int port) {
        UriParts.require(
                text.indexOf(',') < 0,
                "names more than one host; Sluice takes one, a proxy or a name that" + " follows the primary");
        UriParts.require(!text.startsWith("@"), "names an abstract unix socket; Sluice takes those of a folder");
        if (!text.isEmpty()) {
            return text;
        }
        return SOCKET_FOLDERS.stream()
                .filter(folder -> Files.exists(Path.of(folder, ".s.PGSQL." + port)))
                .findFirst()
                .orElse(SOCKET_FOLDERS.get(0));
    }

    private static String user(String text) {
        String user = text.isEmpty() ? System.getProperty("user.name", "") : text;
        UriParts.require(
                !user.isEmpty() && !user.equals("?"),
                "names no user, and the operating system has no name for" + " this one");
        return user;
    }

    private static Map<String, String> startup(PostgresParameters parameters) {
        Map<String, String> startup = new TreeMap<>();
        String name = parameters.get("application_name");
        String fallback = parameters.get("fallback_application_name");
        startup.put("application_name", name != null ? name : fallback != null ? fallback : "sluice");
        String options = parameters.get("options");
        if (options != null) {
            startup.put("options", options);
        }
        return startup;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String emptyIsNull(String text) {
        return text.isEmpty() ? null : text;
    }

    @Override
    public String toString() {
        return shown;
    }
}
