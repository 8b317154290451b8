package dev.sluice.auth;

/** Why a request is not served to its client. */
public enum Refusal {
    /** It has no credentials: 401. */
    UNAUTHENTICATED,
    /** Its key or token is unknown, not valid yet, expired, revoked or forged, and it is not said which: 401. */
    INVALID_TOKEN,
    /** Its credentials are no credentials, or come in two ways: 400. */
    INVALID_REQUEST,
    /** It is known, and may not do this: 403. */
    INSUFFICIENT_SCOPE,
    /** It is not known who it is, since keys were never loaded or the keys of tokens are too old: 503. */
    AUTH_UNAVAILABLE
}
