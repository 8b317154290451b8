/** Files that a configuration is read from: YAML, secrets as they are mounted, certificates and keys in PEM. */
@NullMarked
package dev.sluice.config.file;

import org.jspecify.annotations.NullMarked;
