package dev.sluice.order;

/** What became of a submitted document: an {@link Order}, or the {@link Faults} that make it none. */
public sealed interface Parsed permits Order, Faults {}
