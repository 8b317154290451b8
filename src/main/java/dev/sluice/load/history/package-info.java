/**
 * The record that a load run keeps for itself: what it sent, written before it leaves, and what it heard. See
 * docs/load.md for the format. {@link dev.sluice.load.history.HistoryWriter} writes it, {@link
 * dev.sluice.load.history.HistoryReader} reads it.
 */
@NullMarked
package dev.sluice.load.history;

import org.jspecify.annotations.NullMarked;
