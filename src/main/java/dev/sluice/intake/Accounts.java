package dev.sluice.intake;

/** Whose orders these are. */
public final class Accounts {

    /** The account of every client, until authentication says otherwise. */
    public static final String DEFAULT = "default";

    private Accounts() {}
}
