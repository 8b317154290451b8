package dev.sluice.keys;

import dev.sluice.auth.Accounts;
import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeyHash;
import dev.sluice.auth.KeyText;
import dev.sluice.auth.Scope;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys as JSON: the file of keys, the snapshot on disk and what {@code sluice key list --json} prints. No secrets. */
public final class KeysJson {

    private static final String KEYS = "keys";

    private KeysJson() {}

    /** The document of a file. */
    static String text(List<ApiKey> keys) {
        JsonArray array = new JsonArray();
        keys.forEach(key -> array.add(file(key)));
        return new JsonObject().put(KEYS, array).encodePrettily() + "\n";
    }

    private static JsonObject file(ApiKey key) {
        return shown(key).put("hash", HexFormat.of().formatHex(key.hash().bytes()));
    }

    /** All but the hash. */
    public static JsonObject shown(ApiKey key) {
        JsonArray scopes = new JsonArray();
        key.scopes().stream().sorted().forEach(scope -> scopes.add(scope.text()));
        JsonObject json = new JsonObject()
                .put("keyId", key.keyId())
                .put("account", key.account())
                .put("scopes", scopes)
                .put("createdAt", key.createdAt().toString());
        put(json, "notBefore", key.notBefore());
        put(json, "expiresAt", key.expiresAt());
        put(json, "revokedAt", key.revokedAt());
        return json.put("note", key.note());
    }

    private static void put(JsonObject json, String name, @Nullable Instant time) {
        if (time != null) {
            json.put(name, time.toString());
        }
    }

    /**
     * Reads the document of a file.
     *
     * @throws IllegalArgumentException says what is wrong, and with which key
     */
    static List<ApiKey> parse(String text) {
        try {
            JsonArray array = new JsonObject(text).getJsonArray(KEYS, new JsonArray());
            List<ApiKey> keys = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                keys.add(key(array.getJsonObject(i), "/" + KEYS + "/" + i));
            }
            return keys;
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("is no document of keys: " + e.getMessage(), e);
        }
    }

    private static ApiKey key(JsonObject json, String place) {
        try {
            return requireSound(new ApiKey(
                    json.getString("keyId", ""),
                    json.getString("account", ""),
                    KeyHash.ofBytes(HexFormat.of().parseHex(json.getString("hash", ""))),
                    Scope.known(json.getJsonArray("scopes", new JsonArray()).stream()
                            .map(String::valueOf)
                            .toList()),
                    Instant.parse(json.getString("createdAt", Instant.EPOCH.toString())),
                    time(json, "notBefore"),
                    time(json, "expiresAt"),
                    time(json, "revokedAt"),
                    json.getString("note", "")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
        }
    }

    /**
     * The same key.
     *
     * @throws IllegalArgumentException where its id or account has not its form
     */
    public static ApiKey requireSound(ApiKey key) {
        if (!KeyText.isId(key.keyId()) || !Accounts.isValid(key.account())) {
            throw new IllegalArgumentException("keyId or account is missing or no such thing");
        }
        return key;
    }

    private static @Nullable Instant time(JsonObject json, String name) {
        String text = json.getString(name);
        return text == null ? null : Instant.parse(text);
    }
}
