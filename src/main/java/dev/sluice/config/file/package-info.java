/** Files that the configuration names: secrets as they are mounted, certificates and keys in PEM. */
@NullMarked
package dev.sluice.config.file;

import org.jspecify.annotations.NullMarked;
