package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.auth.KeyText;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice key} on the table of a real PostgreSQL, and on a file. */
@Tag("contract")
@Timeout(120)
class KeyVerbsTest {

    @TempDir
    Path folder;

    private String place = "";

    private record Ran(int code, String out, String err) {

        JsonObject json() {
            assertEquals(0, code, err);
            return new JsonObject(out);
        }
    }

    private void use(String kind) {
        place = kind.equals("file")
                ? "auth.keysFile=" + folder.resolve("keys.json")
                : "postgres.uri=" + TestPostgres.freshDatabase();
    }

    private Ran key(String... args) {
        List<String> line = new ArrayList<>(List.of("key"));
        line.addAll(List.of(args));
        line.addAll(List.of("--set", place));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
                .execute(line.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private JsonArray listed() {
        return key("list", "--json").json().getJsonArray("keys");
    }

    private static KeyText shown(Ran made) {
        assertEquals(0, made.code, made.err);
        return Objects.requireNonNull(KeyText.parse(made.out.strip()), made.out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "file"})
    void aKeyFromItsMakingToItsEnd(String kind) {
        use(kind);
        Ran made = key("create", "--account", "shop", "--note", "till 7");
        KeyText text = shown(made);
        assertTrue(made.err.contains("key " + text.id() + " of account shop, scopes submit read"), made.err);
        assertFalse(made.err.contains(text.text()), "the secret is on stdout alone");

        Ran list = key("list");
        assertTrue(list.out.matches(text.id() + "  valid  shop  submit,read  made \\S+  till 7\n"), list.out);
        assertFalse(list.out.contains(text.text().substring(17, 40)), "it is shown once");

        Ran revoked = key("revoke", text.id());
        assertEquals(0, revoked.code, revoked.err);
        assertTrue(key("list").out.startsWith(text.id() + "  revoked "), key("list").out);
        assertEquals(1, key("rotate", text.id()).code, "a key that is over has no successor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "file"})
    void aRotatedKeyWorksOnForTheOverlap(String kind) {
        use(kind);
        KeyText old = shown(key("create", "--account", "shop", "--scopes", "submit", "--note", "till 7"));
        Instant before = Instant.now();
        JsonObject made = key("rotate", old.id(), "--overlap", "2h", "--json").json();
        KeyText fresh = KeyText.parse(made.getString("key"));
        assertNotEquals(old.id(), fresh.id());
        assertEquals("shop", made.getString("account"));
        assertEquals(new JsonArray().add("submit"), made.getJsonArray("scopes"));
        assertEquals("till 7", made.getString("note"));

        JsonArray keys = listed();
        assertEquals(2, keys.size());
        JsonObject first = keys.getJsonObject(1);
        assertEquals(old.id(), first.getString("keyId"), "the newest comes first");
        Instant end = Instant.parse(first.getString("expiresAt"));
        assertFalse(
                end.isBefore(before.plus(Duration.ofMinutes(119))) || end.isAfter(before.plus(Duration.ofHours(3))));
        assertFalse(first.containsKey("hash"));
        assertFalse(keys.getJsonObject(0).containsKey("expiresAt"));
    }

    @Test
    void jsonHasTheKeyOnce() {
        use("file");
        JsonObject made = key("create", "--expires", "1h", "--not-before", "2030-01-01T00:00:00Z", "--json")
                .json();
        assertEquals(KeyText.parse(made.getString("key")).id(), made.getString("keyId"));
        assertEquals("default", made.getString("account"));
        assertEquals("2030-01-01T00:00:00Z", made.getString("notBefore"));
        assertTrue(made.containsKey("expiresAt"));
        assertFalse(listed().getJsonObject(0).containsKey("key"));
        assertEquals(
                0,
                key("list", "--account", "other", "--json")
                        .json()
                        .getJsonArray("keys")
                        .size());
    }

    /** A leaked key is at hand whole. */
    @Test
    void aKeyIsRevokedByItsWholeTextToo() {
        use("file");
        KeyText leaked = shown(key("create"));
        assertEquals(0, key("revoke", leaked.text()).code);
        assertTrue(listed().getJsonObject(0).containsKey("revokedAt"));
    }

    @ParameterizedTest
    @CsvSource({
        "create --account a/b, --account",
        "create --scopes submit;dance, dance",
        "create --expires soon, duration",
        "revoke nonsense, ID",
        "rotate slk_1, ID",
        "create --not-before tomorrow, not-before"
    })
    void whatIsNoGoodCommandIsAUsageError(String line, String named) {
        use("file");
        Ran ran = key(line.replace(';', ',').split(" ", -1));
        assertEquals(2, ran.code, ran.err);
        assertTrue(ran.err.contains(named), ran.err);
        assertEquals("", ran.out);
    }

    @Test
    void anUnknownKeyIsAFailure() {
        use("file");
        for (String verb : List.of("revoke", "rotate")) {
            Ran ran = key(verb, "000000000000");
            assertEquals(1, ran.code, ran.err);
            assertTrue(ran.err.contains("there is no key 000000000000"), ran.err);
        }
        assertEquals("no keys\n", key("list").out);
    }

    @Test
    void aFileThatOthersReadIsRefused() throws Exception {
        use("file");
        shown(key("create"));
        Path file = folder.resolve("keys.json");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Ran ran = key("create");
        assertEquals(3, ran.code, ran.err);
        assertTrue(ran.err.contains("chmod 600"), ran.err);
        assertEquals("", ran.out, "no key that is not kept is shown");
    }

    @Test
    void withoutPostgresItIs4() {
        place = "postgres.uri=" + Ports.moved("postgresql://u:hush@127.0.0.1:1/d", Ports.free());
        Ran ran = key("create", "--set", "store.startWaitMs=300");
        assertEquals(4, ran.code, ran.err);
        assertEquals("", ran.out);
        assertFalse(ran.err.contains("hush"), ran.err);
    }
}
