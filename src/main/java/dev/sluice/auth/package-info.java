/**
 * Whose request it is, and whether its client may do what it asks: the form of a key, the snapshot of all keys, and one
 * decision. Pure: keys and the time are handed in. {@code keys} brings keys and tokens.
 *
 * <pre>
 * Authorization ──▶ Credentials ──▶ Authentication ──▶ Decision: Granted(Identity) or Refused(Refusal)
 *                                     ├─ KeySnapshot   keys, by their id; a hash compared in constant time
 *                                     ├─ Tokens        JSON Web Tokens
 *                                     └─ admin.token
 * </pre>
 */
@NullMarked
package dev.sluice.auth;

import org.jspecify.annotations.NullMarked;
