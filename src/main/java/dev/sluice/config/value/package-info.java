/**
 * Values as people write them: the URIs of the stores, read as {@code psql} and {@code redis-cli -u} read them,
 * secrets, and names that were probably meant. Nothing here opens a file or a connection.
 */
@NullMarked
package dev.sluice.config.value;

import org.jspecify.annotations.NullMarked;
