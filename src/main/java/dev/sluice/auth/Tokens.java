package dev.sluice.auth;

/** Judges JSON Web Tokens. Any thread; does not block. */
public interface Tokens {

    /** Whose token it is: granted, {@link Refusal#INVALID_TOKEN} or {@link Refusal#AUTH_UNAVAILABLE}. */
    Decision holder(String token);
}
