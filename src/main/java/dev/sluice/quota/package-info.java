/**
 * What an account may submit, in orders and bytes, on every way in: a {@link dev.sluice.quota.Quotas} for a node, an
 * {@link dev.sluice.quota.AccountQuota} for an account, a {@link dev.sluice.quota.Excess} where it is too much. Nothing
 * waits. In a cluster a node gives away its share.
 */
@NullMarked
package dev.sluice.quota;

import org.jspecify.annotations.NullMarked;
