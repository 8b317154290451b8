package dev.sluice.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sluice keeps the house rules. */
class HouseTest {

    private static final String ROOT = "dev.sluice";
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path SOURCES = Path.of("src/main/java");

    @TestFactory
    Stream<DynamicTest> everyRuleHolds() {
        JavaClasses ours = TreeTest.OURS;
        assertFalse(ours.isEmpty(), "no classes in " + CLASSES);
        return new HouseRules(ROOT, PackageTable.ofArchitecture())
                .all().stream().map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(ours)));
    }

    @Test
    void noFutureIsLost() {
        assertEquals(
                List.of(), LostFutures.in(CLASSES), "handle the future, or end the chain in onComplete or onFailure");
    }

    @Test
    void noCatchIsEmpty() {
        assertEquals(List.of(), EmptyCatches.in(SOURCES), "log, count, rethrow or answer");
    }

    @Test
    void noNumberIsPrintedAsTheMachineHasIt() {
        assertEquals(List.of(), DefaultLocales.in(SOURCES), "give Locale.ROOT");
    }
}
