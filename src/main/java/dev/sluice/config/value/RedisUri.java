package dev.sluice.config.value;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a Redis as {@code redis-cli -u} reads it: {@code redis://[[user]:password@][host][:port][/database]}, {@code
 * rediss} for TLS; one word before the {@code @} is the password. Beside it {@code unix:///path/of/the.sock}, and
 * {@code user}, {@code password} and {@code db} as parameters, which other clients write.
 *
 * @param database its number; null for the first one
 * @param tls whether it is {@code rediss}
 */
public record RedisUri(
        String value,
        String shown,
        String withoutPassword,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        @Nullable Integer database,
        boolean tls)
        implements StoreUri {

    private static final List<String> SCHEMES = List.of("redis", "rediss", "unix");
    private static final String UNIX = "unix";
    private static final Pattern OTHER_UNIX = Pattern.compile("(redis|rediss)[+-](unix|socket)");
    private static final Set<String> PARAMETERS = Set.of("user", "password", "db");
    private static final int PORT = 6379;
    private static final String HOST = "127.0.0.1";

    static RedisUri parse(String text) {
        try {
            UriParts parts = UriParts.split(text, rest -> rest.indexOf('@'));
            String scheme = parts.scheme().toLowerCase(java.util.Locale.ROOT);
            UriParts.require(
                    !OTHER_UNIX.matcher(scheme).matches(),
                    "names a unix socket in a form that redis-cli does not"
                            + " take either; write unix:///path/of/redis.sock?db=0");
            UriParts.require(SCHEMES.contains(scheme), "has a scheme that is neither redis nor rediss");
            return of(text, scheme, parts, parameters(parts));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + " (the form is " + REDIS_FORM + ")", e);
        }
    }

    private static Map<String, String> parameters(UriParts parts) {
        Map<String, String> parameters = parts.parameters();
        for (String name : parameters.keySet()) {
            UriParts.require(
                    PARAMETERS.contains(name),
                    "has a parameter that is none of user, password, db; TLS files go into redis.tls.ca, cert and key");
        }
        return parameters;
    }

    private static RedisUri of(String text, String scheme, UriParts parts, Map<String, String> parameters) {
        boolean unix = scheme.equals(UNIX);
        String number = unix || parts.path().isEmpty() ? parameters.getOrDefault("db", "") : parts.path();
        UriParts.require(number.matches("[0-9]{0,5}"), "has a database that is not a number");
        UriParts.require(
                !unix || parts.host().isEmpty(),
                "has a host before the path of its unix socket; write three" + " slashes, unix:///path");
        UriParts.require(!unix || !parts.path().isEmpty(), "names no unix socket");
        String userInfo = parts.userInfo();
        boolean word = userInfo != null && userInfo.indexOf(':') < 0;
        String user = word ? "" : parts.userWord();
        String password = word ? parts.userWord() : parts.passwordWord();
        String shownUser = word || userInfo == null ? "" : userInfo.substring(0, userInfo.indexOf(':'));
        String masked = (word ? "" : shownUser + ":") + Secret.MASK + "@";
        return new RedisUri(
                text,
                parts.shown(userInfo == null ? "" : masked, Secret.MASK),
                parts.shown(shownUser.isEmpty() ? "" : shownUser + "@", null),
                unix ? "/" + PercentCode.decoded(parts.path()) : host(parts),
                UriParts.port(parts.port(), PORT),
                user.isEmpty() ? parameters.get("user") : user,
                password == null || password.isEmpty() ? parameters.get("password") : password,
                number.isEmpty() ? null : Integer.valueOf(number),
                scheme.equals("rediss"));
    }

    /** redis-cli decodes no host; an IPv6 zone is the one place where a percent sign can stand. */
    private static String host(UriParts parts) {
        String host = parts.host().replace("%25", "%");
        return host.isEmpty() ? HOST : host;
    }

    @Override
    public String toString() {
        return shown;
    }
}
