package dev.sluice.config.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is expected was read from libpq 15 ({@code PQconninfoParse}) and from what redis-cli 7.0 sends. */
class StoreUriTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "postgresql://u:Xk2+9f%2FQm==@h/d u Xk2+9f/Qm== h 5432 d",
                "postgresql://u:a$b!c@h/d u a$b!c h 5432 d",
                "postgresql://u:a:b@h/d u a:b h 5432 d",
                "postgresql://u:a+b@h/d u a+b h 5432 d",
                "postgresql://u:50%25off@h/d u 50%off h 5432 d",
                "postgresql://u:a?b#c@h/d u a?b#c h 5432 d",
                "postgresql://u:%C3%A4@h/d u ä h 5432 d",
                "postgresql://u:ä%40😀@h/d u ä@😀 h 5432 d",
                "postgres://u%40x:p@my_host:05433/d%2Be u@x p my_host 5433 d+e",
                "postgresql://u:p@[::1]:5433/d u p ::1 5433 d",
                "postgresql://u:p@[fe80::1%25eth0]/d u p fe80::1%eth0 5432 d",
                "postgresql://u:p@%2Ftmp:5433/d u p /tmp 5433 d",
                "postgresql:///d?host=/var/run/postgresql&user=u&password=p u p /var/run/postgresql 5432 d",
                "postgresql://x:y@z:1/w?host=h&port=2&dbname=d&user=u&password=p u p h 2 d",
                "postgresql://h/d?user=a&user=u&password=p& u p h 5432 d",
                "postgresql://u:p@h: u p h 5432 u",
                "postgresql://u:p@h/? u p h 5432 u",
                "postgresql://u:p@h/a/b#c u p h 5432 a/b#c"
            })
    void psqlAndSluiceReadTheSame(String text, String user, String password, String host, int port, String database) {
        PostgresUri uri = StoreUri.postgres(text);
        assertEquals(
                List.of(user, password, host, port, database),
                List.of(uri.user(), String.valueOf(uri.password()), uri.host(), uri.port(), uri.database()));
    }

    @Test
    void whatIsMissingIsWhatPsqlTakes() {
        PostgresUri uri = StoreUri.postgres("postgresql://");
        assertEquals(System.getProperty("user.name"), uri.user());
        assertEquals(uri.user(), uri.database());
        assertTrue(uri.isUnixSocket(), uri.host());
        assertEquals(5432, uri.port());
        assertNull(uri.password());
        assertNull(StoreUri.postgres("postgresql://u:@h/d").password());
        assertEquals(
                System.getProperty("user.name"),
                StoreUri.postgres("postgresql://:p@h").user());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "application_name=a b;a b;",
                "fallback_application_name=x;x;",
                "connect_timeout=3;sluice;",
                "options=-c%20search_path%3Dorders;sluice;-c search_path=orders"
            })
    void parametersAreHonoured(String query, String name, String options) {
        PostgresUri uri = StoreUri.postgres("postgresql://u@h/d?" + query.replace(" ", "%20"));
        assertEquals(name, uri.startup().get("application_name"));
        assertEquals(options, uri.startup().get("options"));
        assertEquals(query.startsWith("connect") ? 3_000 : null, uri.connectTimeoutMs());
    }

    @Test
    void aTimeOutIsTwoSecondsAtLeastAsInLibpq() {
        assertEquals(
                2_000, StoreUri.postgres("postgresql://h?connect_timeout=1").connectTimeoutMs());
        assertEquals(
                60_000, StoreUri.postgres("postgresql://h?connect_timeout=60").connectTimeoutMs());
        assertTrue(refusal("postgresql://h?connect_timeout=61").contains("1..60"));
        assertTrue(refusal("postgresql://h?connect_timeout=-1").contains("1..60"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "channel_binding=prefer",
                "target_session_attrs=any",
                "gssencmode=disable",
                "client_encoding=UTF8",
                "load_balance_hosts=disable",
                "sslsni=1",
                "sslmode=require&ssl_min_protocol_version=TLSv1.2"
            })
    void whatAsksForWhatIsDoneAnywayIsTaken(String query) {
        assertEquals("h", StoreUri.postgres("postgresql://u:p@h/d?" + query).host());
    }

    @ParameterizedTest
    @CsvSource({
        "channel_binding=require, channel_binding=prefer",
        "channel_binding=disable, channel_binding=prefer",
        "target_session_attrs=read-write, target_session_attrs=any",
        "gssencmode=prefer, gssencmode=disable",
        "gssencmode=require, gssencmode=disable",
        "client_encoding=latin1, client_encoding=utf8",
        "hostaddr=127.0.0.1, parameter hostaddr",
        "service=x, parameter service",
        "passfile=x, parameter passfile",
        "keepalives_idle=3, parameter keepalives_idle",
        "require_auth=scram-sha-256, parameter require_auth",
        "sslpassword=hush, parameter sslpassword",
        "sslcrl=f, parameter sslcrl",
        "sslmod=require, did you mean sslmode?",
        "aplication_name=x, did you mean application_name?",
        "sslmode=prefer, falls back to clear text",
        "sslmode=allow, falls back to clear text",
        "sslmode=requrie, did you mean require?",
        "sslmode=VERIFY-FULL, did you mean verify-full?",
        "ssl_min_protocol_version=SSLv3, TLSv1.2",
        "ssl_max_protocol_version=TLSv1.1, neither TLSv1.2 nor TLSv1.3",
        "port=0, 1..65535",
        "port=99999, 1..65535",
        "port=x, 1..65535",
        "'host=a,b', more than one host",
        "x, name=value",
        "sslmode=a=b, name=value"
    })
    void whatIsNotHonouredIsNamed(String query, String said) {
        String message = refusal("postgresql://u:hush@h/d?" + query);
        assertTrue(message.contains(said), message);
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u:50%hush@h/d, two hex digits",
        "postgresql://u:hush%@h/d, two hex digits",
        "postgresql://u:hush%4@h/d, two hex digits",
        "postgresql://u:hush%00@h/d, %00",
        "postgresql://u:hush%ff@h/d, UTF-8",
        "postgresql://u:hush/x@h/d, %2F",
        "postgresql://u:x@hush@h/d, %40",
        "'postgresql://u:hush@h1,h2/d', more than one host",
        "'postgresql://u:hush@h1:1,h2:2/d', more than one host",
        "postgresql://u:hush@h:0/d, 1..65535",
        "postgresql://u:hush@h:99999/d, 1..65535",
        "postgresql://u:hush@h:-1/d, 1..65535",
        "postgresql://u:hush@[::1/d, IPv6",
        "postgresql://u:hush@[]/d, IPv6",
        "postgresql://u:hush@[::1]x/d, brackets",
        "postgresql://u:hush @h/d, space",
        "POSTGRESQL://u:hush@h/d, scheme",
        "jdbc:postgresql://u:hush@h/d, scheme",
        "redis://u:hush@h/d, scheme",
        "host=h password=hush, space",
        "hush, scheme",
        "://hush, scheme"
    })
    void whatPsqlDoesNotTakeIsRefusedWithoutBeingRepeated(String text, String said) {
        String message = refusal(text);
        assertTrue(message.contains(said), message);
        assertFalse(message.contains("hush"), message);
    }

    private static String refusal(String text) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> StoreUri.postgres(text))
                .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            value = {
                "redis://:x@redis_master:6379 - x redis_master 6379 -",
                "redis://:ab+cd%2Fef=@h - ab+cd/ef= h 6379 -",
                "redis://hush@h/3 - hush h 6379 3",
                "redis://u:a+b%2F=@h:1/0 u a+b/= h 1 0",
                "redis://u:a/b?c#d@h u a/b?c#d h 6379 -",
                "redis://u:a:b@h u a:b h 6379 -",
                "redis://u:%c3%a4@h/ u ä h 6379 -",
                "REDIS://[::1]:6380/1 - - ::1 6380 1",
                "redis:// - - 127.0.0.1 6379 -",
                "redis://u:p@ u p 127.0.0.1 6379 -",
                "redis://h?db=2&user=u&password=p u p h 6379 2",
                "unix:///run/redis/my%20redis.sock?db=1&password=p - p '/run/redis/my redis.sock' 6379 1",
                "unix://u:p@/run/redis.sock u p /run/redis.sock 6379 -"
            })
    void redisCliAndSluiceReadTheSame(
            String text, String user, String password, String host, int port, Integer database) {
        RedisUri uri = StoreUri.redis(text);
        assertEquals(user, uri.user());
        assertEquals(password, uri.password());
        assertEquals(host.replace("'", ""), uri.host());
        assertEquals(port, uri.port());
        assertEquals(database, uri.database());
        assertFalse(uri.tls());
        assertEquals(host.startsWith("/"), uri.isUnixSocket());
        assertTrue(StoreUri.redis("rediss://h").tls());
    }

    @ParameterizedTest
    @CsvSource({
        "redis://u:50%hush@h, two hex digits",
        "redis://:hush@h:0, 1..65535",
        "redis://:hush@h:99999, 1..65535",
        "redis://:hush@h/x, database",
        "redis://:hush@h/123456, database",
        "'redis://:hush@h,i', more than one host",
        "redis://:hush@h?timeout=1, redis.tls",
        "redis://:x@hush@h, %40",
        "redis+unix://:hush@/run/x.sock, unix:///",
        "redis-socket:///run/hush.sock, unix:///",
        "unix://:hush@h/run/x.sock, three slashes",
        "unix://, no unix socket",
        "http://:hush@h, neither redis nor rediss",
        "sentinel://:hush@h, neither redis nor rediss"
    })
    void whatIsNoRedisIsRefusedWithoutBeingRepeated(String text, String said) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> StoreUri.redis(text))
                .getMessage());
        assertTrue(message.contains(said), message);
        assertFalse(message.contains("hush"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u:hush@h/d, postgresql://u:***@h/d, postgresql://u@h/d",
        "postgresql://u@[::1]:1/d, postgresql://u@[::1]:1/d, postgresql://u@[::1]:1/d",
        "postgresql://h/d?password=hush&sslmode=require, postgresql://h/d?password=***&sslmode=require,"
                + " postgresql://h/d?sslmode=require",
        "postgresql://h/d?%70assword=hush, postgresql://h/d?password=***, postgresql://h/d",
        "postgresql:///d, postgresql:///d, postgresql:///d"
    })
    void aPostgresUriShowsNoPassword(String text, String shown, String without) {
        PostgresUri uri = StoreUri.postgres(text);
        assertEquals(shown, uri.toString());
        assertEquals(without, uri.withoutPassword());
        assertEquals(text, uri.value());
    }

    @ParameterizedTest
    @CsvSource({
        "redis://hush@h/3, redis://***@h/3, redis://h/3",
        "redis://:hush@h, redis://:***@h, redis://h",
        "rediss://u:hush@h:1, rediss://u:***@h:1, rediss://u@h:1",
        "redis://u:a/hush?x@h, redis://u:***@h, redis://u@h",
        "unix:///r.sock?password=hush&db=1, unix:///r.sock?password=***&db=1, unix:///r.sock?db=1"
    })
    void aRedisUriShowsNoPassword(String text, String shown, String without) {
        RedisUri uri = StoreUri.redis(text);
        assertEquals(shown, uri.toString());
        assertEquals(without, uri.withoutPassword());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "postgresql://u:hush@h/d;postgresql://u:***@h/d",
                "Invalid value: 'postgresql://u:hu'sh@h/d' is bad;Invalid value: 'postgresql://u:***@h/d' is bad",
                "postgresql://u:a@hush:c/d?e@h/db;postgresql://u:***@h/db",
                "postgresql://u:hush;postgresql://***",
                "redis://:hush;redis://***",
                "redis://hush@h;redis://***@h",
                "redis://h:6379;redis://h:6379",
                "postgresql://u@h/d;postgresql://u@h/d",
                "two redis://a:hush@h and postgres://u:hush@h/d;two redis://a:***@h/d",
                "postgresql://h/d?user=u&password=hush&x=1;postgresql://h/d?user=u&password=***&x=1",
                "host=h password=hush;host=h password=***",
                "nothing here;nothing here"
            })
    void textIsMaskedRatherTooMuch(String text, String masked) {
        assertEquals(masked, StoreUri.masked(text));
    }
}
