/**
 * The cluster: how a node joins, which members it hears, and whether they reach it. Nothing of it is loaded by a node
 * that is no member.
 *
 * <pre>
 * ClusterNode ── HazelcastSettings ──▶ a clustered Vert.x
 *     │
 *     ├─ announces itself, hears others ──▶ HeardMembers ──▶ Membership, WriterDirectory
 *     └─ asks others to reach it ──▶ SelfCheck
 * </pre>
 */
@NullMarked
package dev.sluice.cluster;

import org.jspecify.annotations.NullMarked;
