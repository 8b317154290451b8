/**
 * Verticles of the operator's own, deployed from {@code extensions:} of the configuration (docs/extensions.md).
 *
 * <pre>
 * ExtensionCheck ── before a start: is there such a class, such a file?
 * Extensions ─▶ ExtensionHost, one each ─▶ ExtensionCode (class path, class or GroovySource)
 *                     └─▶ bus.json.ExtensionBus: a Vert.x of its own, joined with the node's bus
 * </pre>
 *
 * What an extension does wrong stays with it: it has threads of its own, and all that passes between it and the node is
 * bounded. Heap and processors are shared.
 */
@NullMarked
package dev.sluice.extension;

import org.jspecify.annotations.NullMarked;
