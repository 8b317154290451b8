/** Ports to the stores: what the writer, the look-ups and the drain may ask, and how it can fail. */
@NullMarked
package dev.sluice.store;

import org.jspecify.annotations.NullMarked;
