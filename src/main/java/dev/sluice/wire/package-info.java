/** The primitives of which the messages on the bus and the orders kept in Redis are made. */
@NullMarked
package dev.sluice.wire;

import org.jspecify.annotations.NullMarked;
