package dev.sluice.auth;

/** Whether a request is served to its client. */
public sealed interface Decision {

    /** It is. */
    record Granted(Identity identity) implements Decision {}

    /** It is not. */
    record Refused(Refusal reason) implements Decision {}
}
