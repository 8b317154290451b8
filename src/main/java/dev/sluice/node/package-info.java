/** One node: composes the parts, deploys and resizes the instances, watches the stores, orders the shutdown. */
@NullMarked
package dev.sluice.node;

import org.jspecify.annotations.NullMarked;
