package dev.sluice.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Who may submit and read orders, and operate the node. */
public record AuthConfig(
        @Key(def = "off", why = "how clients show who they are: keys, JSON Web Tokens, both, or not at all (off)")
        Mode mode,

        @Key(def = "", why = "account of clients that show no credentials, while they move to keys; empty refuses them")
        @Nullable
        String anonymousAccount,

        @Key(
                def = "5000",
                unit = "ms",
                min = 100,
                max = 600_000,
                why = "keys are read anew within it: the longest that a revoked key works while PostgreSQL answers")
        int refreshMs,

        @Key(
                def = "",
                why = "file of the keys instead of the table api_keys; mode 0600, read anew as above;"
                        + " `sluice key` writes it")
        @Nullable
        Path keysFile,

        @Key(
                def = "",
                why = "where the last keys read from PostgreSQL are kept for a start without it; mode 0600; empty is"
                        + " api-keys.json in data.dir")
        @Nullable
        Path snapshotFile,

        Jwt jwt) {

    /** How clients show who they are. */
    public enum Mode {
        OFF,
        KEYS,
        JWT,
        KEYS_AND_JWT;

        /** As it is written, in upper case. */
        @Override
        public String toString() {
            return this == KEYS_AND_JWT ? "KEYS+JWT" : name();
        }
    }

    /** JSON Web Tokens that are taken: signed by RSA or ECDSA, with an end, for this audience. */
    public record Jwt(
            @Key(def = "", why = "the issuer of tokens, as their claim iss has it") @Nullable
            String issuer,

            @Key(
                    def = "",
                    why = "https URI of the issuer's public keys (JWKS); read anew every five minutes, and when a"
                            + " token names a key that is not among them")
            @Nullable
            String jwksUri,

            @Key(def = "", why = "what the claim aud of a token must name") @Nullable
            String audience,

            @Key(def = "account", why = "claim that names the account; a token without it is refused")
            String accountClaim,

            @Key(def = "scope", why = "claim that lists the scopes, a list or a text with spaces between")
            String scopeClaim,

            @Key(
                    def = "30000",
                    unit = "ms",
                    min = 0,
                    max = 300_000,
                    why = "how far the issuer's clock may be from this one's")
            int clockSkewMs,

            @Key(
                    def = "3600000",
                    unit = "ms",
                    min = 1_000,
                    max = 604_800_000,
                    why = "how long the last public keys serve while jwksUri does not answer; then 503")
            int staleMs) {}

    /** Whether clients show credentials. */
    public boolean isOn() {
        return mode != Mode.OFF;
    }

    public boolean takesKeys() {
        return mode == Mode.KEYS || mode == Mode.KEYS_AND_JWT;
    }

    public boolean takesTokens() {
        return mode == Mode.JWT || mode == Mode.KEYS_AND_JWT;
    }

    /** Whether keys are in the table {@code api_keys}. */
    public boolean readsTable() {
        return takesKeys() && keysFile == null;
    }
}
