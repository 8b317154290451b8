package dev.sluice.load.http;

/** What an order of a run is for. */
enum OrderKind {
    /** New, and expected to be stored. */
    FRESH,
    /** An earlier one again, byte for byte. */
    REPLAY,
    /** No valid order, under a key of its own. */
    INVALID
}
