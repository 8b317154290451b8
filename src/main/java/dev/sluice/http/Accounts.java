package dev.sluice.http;

/** Whose orders these are. */
final class Accounts {

    /** Of every client, until authentication says otherwise. */
    static final String DEFAULT = "default";

    private Accounts() {}
}
