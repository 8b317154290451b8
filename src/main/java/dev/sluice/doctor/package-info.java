/**
 * What {@code sluice doctor} finds. {@link dev.sluice.doctor.Check} is one condition with what it is now and how to mend
 * it, {@link dev.sluice.doctor.Findings} the two lists of them. {@link dev.sluice.doctor.MachineChecks} reads the machine;
 * each store is looked at by its own package.
 */
@NullMarked
package dev.sluice.doctor;

import org.jspecify.annotations.NullMarked;
