package dev.sluice.keys;

import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer, as it published them once (RFC 7517). Keys that are no public RSA or EC keys for
 * signatures, or are too short, are left out. Immutable.
 *
 * @param auth judges signature, issuer, audience and times with these keys
 * @param keyIds their names; a key may have none
 * @param allNamed whether each has one
 */
record Jwks(JWTAuth auth, Set<String> keyIds, boolean allNamed) {

    /** Never none, never HMAC: a public key must not serve as a secret. */
    static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private static final Logger LOG = LoggerFactory.getLogger(Jwks.class);

    private static final List<String> OF_RSA = List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
    private static final Map<String, String> OF_CURVE = Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512");

    /** A modulus of 2,048 bits in base64url. */
    private static final int MODULUS_LENGTH_MIN = 342;

    private static final int KEYS_MAX = 100;

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException where it is none, or has no key that is of use
     */
    static Jwks parse(Vertx vertx, String text, JWTOptions options) {
        List<JsonObject> usable = new ArrayList<>();
        for (JsonObject key : keys(text)) {
            for (JsonObject one : oneForEachAlgorithm(key)) {
                if (isUnderstood(vertx, one)) {
                    usable.add(one);
                }
            }
        }
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("has no public RSA or EC key for signatures");
        }
        Set<String> ids = new HashSet<>();
        usable.stream().filter(key -> key.containsKey("kid")).forEach(key -> ids.add(key.getString("kid")));
        boolean allNamed = usable.stream().allMatch(key -> key.containsKey("kid"));
        JWTAuthOptions all = new JWTAuthOptions().setJwks(usable).setJWTOptions(options);
        return new Jwks(JWTAuth.create(vertx, all), Set.copyOf(ids), allNamed);
    }

    private static List<JsonObject> keys(String text) {
        try {
            JsonArray keys = new JsonObject(text).getJsonArray("keys", new JsonArray());
            return keys.stream()
                    .limit(KEYS_MAX)
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast)
                    .toList();
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("is no JSON Web Key Set", e);
        }
    }

    /** A key that names no algorithm serves for those of its type; a library that guesses one would refuse the others. */
    private static List<JsonObject> oneForEachAlgorithm(JsonObject key) {
        if (!isForSignatures(key)) {
            return List.of();
        }
        Object named = key.getValue("alg");
        return algorithms(key).stream()
                .filter(algorithm -> named == null || named.equals(algorithm))
                .map(algorithm -> publicPart(key).put("alg", algorithm))
                .toList();
    }

    private static List<String> algorithms(JsonObject key) {
        if ("RSA".equals(key.getValue("kty"))) {
            boolean isLong = key.getValue("n") instanceof String n && n.length() >= MODULUS_LENGTH_MIN;
            return isLong ? OF_RSA : List.of();
        }
        String ofCurve = OF_CURVE.get(String.valueOf(key.getValue("crv")));
        return "EC".equals(key.getValue("kty")) && ofCurve != null ? List.of(ofCurve) : List.of();
    }

    private static boolean isForSignatures(JsonObject key) {
        Object use = key.getValue("use");
        Object operations = key.getValue("key_ops");
        boolean verifies = !(operations instanceof JsonArray list) || list.contains("verify");
        return (use == null || use.equals("sig")) && verifies;
    }

    /** Without what else a document may say of it, certificates among that. */
    private static JsonObject publicPart(JsonObject key) {
        JsonObject part = new JsonObject();
        for (String member : List.of("kty", "kid", "n", "e", "crv", "x", "y")) {
            if (key.getValue(member) instanceof String value) {
                part.put(member, value);
            }
        }
        return part;
    }

    private static boolean isUnderstood(Vertx vertx, JsonObject key) {
        try {
            return JWTAuth.create(vertx, new JWTAuthOptions().setJwks(List.of(key))) != null;
        } catch (RuntimeException e) {
            LOG.debug("a key of the issuer is of no use here: {} {}", key.getString("kid"), key.getString("alg"), e);
            return false;
        }
    }
}
