/** HTTP/1.1 below the routes: requests are decoded strictly, and the decoder knows the head that is coming in. */
@NullMarked
package dev.sluice.listener.http1;

import org.jspecify.annotations.NullMarked;
