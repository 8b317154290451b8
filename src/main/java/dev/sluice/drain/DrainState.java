package dev.sluice.drain;

import java.util.Locale;

/** What the drain is doing, as an operator reads it. */
enum DrainState {
    /** The last read brought nothing. */
    IDLE,
    /** Orders are on their way into PostgreSQL. */
    DRAINING,
    /** PostgreSQL cannot be reached, or fails: entries wait where they are. */
    POSTGRES_AWAY,
    /** Redis cannot be reached, or fails. */
    REDIS_AWAY,
    /** There is no room for a dead letter: the drain waits until an operator replays or discards one. */
    DEAD_LETTERS_FULL,
    /** As many entries as a batch holds fail alone: others are read few at a time until some of them end. */
    HELD_FULL,
    /** The node leaves. */
    STOPPED;

    /** As in answers. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
