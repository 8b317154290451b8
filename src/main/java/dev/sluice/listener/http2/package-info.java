/**
 * HTTP/2 below the routes: Netty reads and writes the frames of a connection and keeps its windows; here are the limits
 * that it has no option for, and one request and its reply for each stream. What is asked of a request, and what is
 * said to its client, is the same as over HTTP/1.1.
 */
@NullMarked
package dev.sluice.listener.http2;

import org.jspecify.annotations.NullMarked;
