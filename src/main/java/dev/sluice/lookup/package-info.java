/** Look-ups by id, beside the writers and apart from them: a read does not wait behind a batch. */
@NullMarked
package dev.sluice.lookup;

import org.jspecify.annotations.NullMarked;
