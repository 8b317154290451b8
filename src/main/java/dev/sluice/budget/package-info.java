/**
 * The memory that clients may take of a node: one budget, with a bound for each part of it. Pure.
 */
@NullMarked
package dev.sluice.budget;

import org.jspecify.annotations.NullMarked;
