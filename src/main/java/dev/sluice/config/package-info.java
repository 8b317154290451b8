/**
 * What a node is told: one record per section, composed in {@link dev.sluice.config.SluiceConfig}.
 *
 * <pre>
 * defaults ─┐
 * file ─────┤
 * env ──────┼─▶ ConfigLoader ─▶ each value (ValueParser) ─▶ all together (Rules) ─▶ LoadedConfig
 * --set ────┤                        └──────── every problem at once ──────────────▶ ConfigException
 * flags ────┘
 * </pre>
 *
 * The records are the single source: names, environment names, ranges, reference and checks are read from the
 * {@link dev.sluice.config.Key} on each component. To add a key, add a component (and its line in
 * {@code conf/sluice.yaml}, which a test compares with {@code sluice config schema}).
 */
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
