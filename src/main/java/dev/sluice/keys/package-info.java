/**
 * Where keys and tokens come from while a node runs: the table {@code api_keys} or a file, a snapshot on disk that
 * outlives an outage, and the public keys of an issuer of JSON Web Tokens. What is read here is handed to package {@code
 * auth}, which decides.
 */
@NullMarked
package dev.sluice.keys;

import org.jspecify.annotations.NullMarked;
