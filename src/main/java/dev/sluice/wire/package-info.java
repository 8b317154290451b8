/** The binary form of orders and outcomes: of messages on the bus, and of what is kept in Redis. */
@NullMarked
package dev.sluice.wire;

import org.jspecify.annotations.NullMarked;
