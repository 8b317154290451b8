/** Whether a request is served to its client, on either listener, and the answer where it is not. */
@NullMarked
package dev.sluice.listener.access;

import org.jspecify.annotations.NullMarked;
