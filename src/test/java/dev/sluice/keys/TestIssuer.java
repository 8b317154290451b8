package dev.sluice.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An issuer of JSON Web Tokens on loopback: publishes its keys and signs what it is told, with the JDK alone. */
public final class TestIssuer implements AutoCloseable {

    public static final String NAME = "https://issuer.example/";
    public static final String AUDIENCE = "sluice";

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String document;
    private volatile int status = 200;

    /** A key pair with its name. */
    public record Signer(String kid, KeyPair pair) {

        public static Signer rsa(String kid, int bits) {
            return new Signer(kid, pair("RSA", generator -> generator.initialize(bits)));
        }

        public static Signer ec(String kid) {
            return new Signer(kid, pair("EC", generator -> generator.initialize(new ECGenParameterSpec("secp256r1"))));
        }

        private interface Setup {
            void of(KeyPairGenerator generator) throws GeneralSecurityException;
        }

        private static KeyPair pair(String type, Setup setup) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
                setup.of(generator);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Its public part, as a JWKS has it. */
        public JsonObject jwk() {
            JsonObject jwk = new JsonObject().put("kid", kid);
            if (pair.getPublic() instanceof RSAPublicKey rsa) {
                return jwk.put("kty", "RSA")
                        .put("n", number(rsa.getModulus()))
                        .put("e", number(rsa.getPublicExponent()));
            }
            ECPublicKey ec = (ECPublicKey) pair.getPublic();
            return jwk.put("kty", "EC")
                    .put("crv", "P-256")
                    .put("x", fixed(ec.getW().getAffineX()))
                    .put("y", fixed(ec.getW().getAffineY()));
        }

        private static String number(BigInteger number) {
            byte[] bytes = number.toByteArray();
            int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
            return URL.encodeToString(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
        }

        private static String fixed(BigInteger number) {
            byte[] bytes = number.toByteArray();
            byte[] fixed = new byte[32];
            int count = Math.min(32, bytes.length);
            System.arraycopy(bytes, bytes.length - count, fixed, 32 - count, count);
            return URL.encodeToString(fixed);
        }

        /** A token with that header and those claims, signed by the algorithm that the JDK knows by this name. */
        public String token(JsonObject header, JsonObject claims, String algorithm) {
            String signed = part(header) + "." + part(claims);
            try {
                Signature signature = Signature.getInstance(algorithm);
                signature.initSign(pair.getPrivate());
                signature.update(signed.getBytes(UTF_8));
                return signed + "." + URL.encodeToString(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** A good one. */
        public String token(JsonObject claims) {
            boolean rsa = pair.getPublic() instanceof RSAPublicKey;
            JsonObject header =
                    new JsonObject().put("alg", rsa ? "RS256" : "ES256").put("kid", kid);
            return token(header, claims, rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
        }
    }

    public TestIssuer(Signer... signers) {
        document = document(signers);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/jwks", exchange -> {
            asked.incrementAndGet();
            byte[] body = document.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static String document(Signer... signers) {
        JsonArray keys = new JsonArray();
        for (Signer signer : signers) {
            keys.add(signer.jwk());
        }
        return new JsonObject().put("keys", keys).encode();
    }

    /** It publishes these keys from now on. */
    public void publishes(Signer... signers) {
        document = document(signers);
    }

    /** It publishes that text from now on. */
    public void publishes(String text) {
        document = text;
    }

    public void answers(int code) {
        status = code;
    }

    /** How often it was asked for its keys. */
    public int asked() {
        return asked.get();
    }

    public String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
    }

    /** Claims that are right now. */
    public static JsonObject claims(String account) {
        long now = Instant.now().getEpochSecond();
        return new JsonObject()
                .put("iss", NAME)
                .put("aud", AUDIENCE)
                .put("sub", "service-7")
                .put("account", account)
                .put("scope", "submit read other:scope")
                .put("iat", now - 10)
                .put("exp", now + 600);
    }

    static String part(JsonObject json) {
        return URL.encodeToString(json.encode().getBytes(UTF_8));
    }

    /** A token that is signed by HMAC with that secret. */
    static String hmac(JsonObject header, JsonObject claims, byte[] secret) {
        String signed = part(header) + "." + part(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed + "." + URL.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
