/**
 * One request and its reply, whichever way it came in: through Vert.x's decoder, or, where it is a plain order that was
 * whole in one read, past it. What is asked of a request, and what is said to its client, is the same on both ways.
 */
@NullMarked
package dev.sluice.listener.request;

import org.jspecify.annotations.NullMarked;
