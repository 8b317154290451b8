package dev.sluice.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule finds the fixture that breaks it, and leaves those alone that keep it. */
class RulesCanFailTest {

    private static final String ROOT = "dev.sluice.house.fixture";
    private static final Path CLASSES = Path.of("target/test-classes/dev/sluice/house/fixture");

    private static final List<String> TABLE = List.of(
            "| package | is | may know |",
            "| --- | --- | --- |",
            "| `order` | Pure | JDK |",
            "| `batch` | Pure | `order` |",
            "| `http` | | `order`, `bus` (dispatcher) |",
            "| `bus` | | `order`, `store` (ports) |",
            "| `writer` | | `order`, `batch` |",
            "| `store` | ports | `order` |",
            "| `store/postgres` | | `store` |",
            "| `node` | | everything |",
            "",
            "| `util` | not of the table | |");

    private static final JavaClasses FIXTURES = new ClassFileImporter().importPath(CLASSES);

    private final HouseRules rules = new HouseRules(ROOT, PackageTable.parse(TABLE));

    @TestFactory
    Stream<DynamicTest> everyRuleFindsItsFixture() {
        return rules.all().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getDescription(),
                        () -> assertFalse(violations(rule).isEmpty())));
    }

    @Test
    void theTableIsHeldPackageByPackage() {
        ArchRule rule = rules.packagesKeepToTheTable();
        assertFinds(rule, "`http` may not know this", "store.Port");
        assertFinds(rule, "`bus` may not know this", "store.postgres.PgPort");
        assertFinds(rule, "`batch` may not know this", "writer.WriterOfBatches");
        assertFinds(rule, "util.Anything", "a package that the table does not list");
        assertTrue(
                violations(rule).stream().noneMatch(text -> text.startsWith("`bus`") && text.contains("store.Port>")));
        assertTrue(violations(rule).stream().noneMatch(text -> text.startsWith("`node`")));
    }

    @Test
    void pureRulesFindTheirFixtures() {
        assertFinds(rules.purePackagesKnowNoLibraries(), "order.ImpureOrder", "io.vertx.core.Future");
        assertFinds(rules.purePackagesAreHandedTimeAndChance(), "order.ImpureOrder", "nanoTime");
        assertTrue(violations(rules.purePackagesKnowNoLibraries()).stream()
                .noneMatch(text -> text.contains("PureOrder.")));
    }

    @Test
    void aMethodReferenceIsACallToo() {
        assertFinds(rules.onlyConfigReadsTheEnvironment(), "http.RudeHandler", "getenv");
        assertFinds(rules.nothingWaits(), "http.RudeHandler", "io.vertx.core.Future.await");
        assertFinds(rules.nothingWaits(), "http.RudeHandler", "Thread.sleep");
    }

    @Test
    void lostFuturesAreFound() {
        Set<String> lost = LostFutures.in(CLASSES).stream()
                .map(text -> text.replaceFirst(".*fixture\\.([^:]+):\\d+ .*/", "$1 "))
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        "writer.LosesFutures Vertx#close",
                        "writer.LosesFutures Vertx#undeploy",
                        "writer.LosesFutures Future#onSuccess",
                        "writer.LosesFutures Future#all",
                        "writer.LosesFutures LosesFutures#work"),
                lost);
    }

    @Test
    void emptyCatchesAreFound() {
        assertEquals(List.of("a:1"), EmptyCatches.inText("a", "try { x(); } catch (IOException e) {}"));
        assertEquals(List.of("a:2"), EmptyCatches.inText("a", "try {\n} catch (E e) {\n // why\n /* not */ }"));
        assertEquals(List.of(), EmptyCatches.inText("a", "try { x(); } catch (E e) { LOG.warn(\"{}\", e); }"));
    }

    @Test
    void numbersOfTheDefaultLocaleAreFound() {
        assertEquals(List.of("a:2"), DefaultLocales.inText("a", "\nout.printf(\n\"%s took %,.1f s%n\", a, b)"));
        assertEquals(List.of("a:1"), DefaultLocales.inText("a", "String.format(\"%4d\", a)"));
        assertEquals(List.of("a:1"), DefaultLocales.inText("a", "x(\"%d of %s\".formatted(a, b))"));
        assertEquals(List.of(), DefaultLocales.inText("a", "out.printf(Locale.ROOT, \"%d\", a)"));
        assertEquals(List.of(), DefaultLocales.inText("a", "String.format(\"%s%n\", a) + \"%d\""));
    }

    @Test
    void theTableOfArchitectureIsRead() {
        PackageTable table = PackageTable.ofArchitecture();
        assertTrue(table.pureNames().containsAll(List.of("order", "batch")), table::toString);
        assertTrue(table.of("r", "r.store.postgres").mayKnow("store"), table::toString);
        assertFalse(table.of("r", "r.http").mayKnow("store"), table::toString);
        assertTrue(table.of("r", "r.node").everything(), table::toString);
    }

    private void assertFinds(ArchRule rule, String... parts) {
        List<String> violations = violations(rule);
        assertTrue(
                violations.stream().anyMatch(text -> Stream.of(parts).allMatch(text::contains)),
                () -> List.of(parts) + " not in\n" + String.join("\n", violations));
    }

    private List<String> violations(ArchRule rule) {
        return rule.evaluate(FIXTURES).getFailureReport().getDetails();
    }
}
