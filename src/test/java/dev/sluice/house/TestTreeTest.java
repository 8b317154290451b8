package dev.sluice.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.sluice.rig.Await;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/** The tests keep the rules of their own tree. */
class TestTreeTest {

    private static final String HERE = "dev.sluice";

    /** A unit test reaches none of these: no process, no port, no server. */
    private static final Set<String> STARTERS = Set.of(
            "java.lang.ProcessBuilder",
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.http.HttpClient",
            "com.sun.net.httpserver.HttpServer",
            "io.netty.bootstrap.ServerBootstrap",
            "io.vertx.core.http.HttpServer",
            "io.vertx.core.net.NetServer",
            "dev.sluice.admin.AdminVerticle",
            "dev.sluice.embedded.BundledPostgres",
            "dev.sluice.embedded.BundledRedis",
            "dev.sluice.embedded.BundledServer",
            "dev.sluice.embedded.ExternalCommand",
            "dev.sluice.http.IntakeVerticle",
            "dev.sluice.load.bus.BusLoad",
            "dev.sluice.load.http.HttpLoad",
            "dev.sluice.node.Server");

    /** They break rules on purpose. */
    private static final String FIXTURES = HERE + ".house.fixture..";

    private static final ArchRule ONLY_AWAIT_PAUSES = noClasses()
            .that()
            .doNotBelongToAnyOf(Await.class)
            .should()
            .accessTargetWhere(Calls.to(
                    "a pause",
                    "java.lang.Thread#sleep",
                    "java.lang.Thread#yield",
                    "java.lang.Thread#onSpinWait",
                    "java.util.concurrent.TimeUnit#sleep",
                    "java.util.concurrent.locks.LockSupport#parkNanos",
                    "java.util.concurrent.locks.LockSupport#parkUntil"))
            .because("tests wait by rig/Await");

    private static final JavaClasses TESTS = new ClassFileImporter().importPath(Path.of("target/test-classes"));

    /** {@code scripts/test unit} runs what has no tag. */
    @Test
    void aTestThatStartsSomethingHasATag() {
        List<String> untagged = TESTS.stream()
                .filter(type -> !isTagged(type) && hasUntaggedTest(type) && starts(type, new HashSet<>()))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertFalse(TESTS.isEmpty());
        assertEquals(List.of(), untagged, "add @Tag(\"contract\") or @Tag(\"process\"), see scripts/test");
    }

    /** A fixed pause is either too short on a slow machine or too long; a test waits for a state, with a deadline. */
    @Test
    void onlyAwaitPauses() {
        ONLY_AWAIT_PAUSES.check(TESTS.that(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(FIXTURES))));
    }

    @Test
    void aPauseElsewhereIsFound() {
        List<String> found = ONLY_AWAIT_PAUSES
                .evaluate(TESTS.that(JavaClass.Predicates.resideInAPackage(FIXTURES)))
                .getFailureReport()
                .getDetails();
        for (String pause : List.of("Thread.sleep", "TimeUnit.sleep", "LockSupport.parkNanos", "Thread.onSpinWait")) {
            assertTrue(found.stream().anyMatch(text -> text.contains(pause)), () -> pause + " not in " + found);
        }
    }

    private static boolean isTagged(JavaClass type) {
        return type.isMetaAnnotatedWith(Tag.class)
                || type.getRawSuperclass().filter(TestTreeTest::isTagged).isPresent();
    }

    private static boolean hasUntaggedTest(JavaClass type) {
        return type.getAllMethods().stream()
                .filter(method -> method.isMetaAnnotatedWith(Testable.class))
                .anyMatch((JavaMethod method) -> !method.isMetaAnnotatedWith(Tag.class));
    }

    /** By itself or by another class of the tests. */
    private static boolean starts(JavaClass type, Set<JavaClass> seen) {
        return seen.add(type)
                && type.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .anyMatch(target -> STARTERS.contains(target.getName())
                                || (TESTS.contain(target.getName())
                                        && target.getPackageName().startsWith(HERE)
                                        && starts(target, seen)));
    }
}
