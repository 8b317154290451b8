/**
 * One request and its reply, as Sluice sees them: one that Vert.x decoded, or a stream of HTTP/2, which is in a package of
 * its own. What is asked of a request, and what is said to its client, is the same for both. A long answer leaves as {@code
 * PiecewiseAnswer}.
 */
@NullMarked
package dev.sluice.listener.request;

import org.jspecify.annotations.NullMarked;
