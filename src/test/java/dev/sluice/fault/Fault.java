package dev.sluice.fault;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that injects one fault while a recorded load runs against a node in a process of its own, brings everything
 * back, and lets {@code verify} judge. A run that never reached its state is void and fails. {@code scripts/faults} runs
 * these by name and shows what became of each.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@Tag("fault")
@ExtendWith(FaultTable.class)
@interface Fault {

    /** For the command line: {@code postgres-killed}. */
    String value();

    /** Too long for every build; run by {@code scripts/faults --all} or by its name. */
    boolean slow() default false;
}
