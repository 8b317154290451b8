/**
 * Orders that a node serves to itself while its stores connect, so that the JVM has loaded and partly compiled their way
 * when the first client comes.
 */
@NullMarked
package dev.sluice.node.warmup;

import org.jspecify.annotations.NullMarked;
