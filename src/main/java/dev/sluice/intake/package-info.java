/**
 * Between the ways in and the dispatcher: many orders of one request share an event loop with everything else on it.
 * HTTP and the event bus both use it. Each object lives on one event loop.
 */
@NullMarked
package dev.sluice.intake;

import org.jspecify.annotations.NullMarked;
