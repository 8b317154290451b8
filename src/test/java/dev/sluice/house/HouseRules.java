package dev.sluice.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The house rules, for a root package: Sluice's own, or that of the fixtures that break them. Packages that do not
 * exist yet satisfy every rule.
 */
final class HouseRules {

    /** What a pure package may know beside its row of the table. */
    private static final String[] PURE_LIBRARIES = {
        "java..", "com.fasterxml.jackson.core..", "com.github.f4b6a3.uuid..", "org.jspecify.annotations.."
    };

    private final String root;
    private final PackageTable table;

    HouseRules(String root, PackageTable table) {
        this.root = root;
        this.table = table;
    }

    List<ArchRule> all() {
        return List.of(
                packagesKeepToTheTable(),
                purePackagesKnowNoLibraries(),
                purePackagesAreHandedTimeAndChance(),
                httpNeverSeesAStore(),
                onlyNodeNamesImplementations(),
                onlyCliKnowsTheNode(),
                onlyBusCallsTheEventBus(),
                onlyConfigReadsTheEnvironment(),
                onlyMetricsKnowsMicrometer(),
                noCycles(),
                noPackageWithoutAMeaning(),
                nothingWaits(),
                onlyCliExits(),
                onlyCliPrints(),
                onlyCliPrintsStackTraces(),
                hotPackagesFormatNothing());
    }

    ArchRule packagesKeepToTheTable() {
        return classes().should(new KeepToTheTable(root, table)).allowEmptyShould(true);
    }

    ArchRule purePackagesKnowNoLibraries() {
        String[] allowed = Stream.concat(Arrays.stream(PURE_LIBRARIES), Stream.of(root + ".."))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAnyPackage(pure())
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(new PrimitiveType()))
                .because("pure packages know the JDK and the JSON parser, never Vert.x")
                .allowEmptyShould(true);
    }

    ArchRule purePackagesAreHandedTimeAndChance() {
        Calls reached = Calls.to(
                "a clock or chance",
                "java.lang.System#nanoTime",
                "java.lang.System#currentTimeMillis",
                "java.time.Instant#now",
                "java.time.Clock#systemUTC",
                "java.lang.Math#random",
                "java.util.UUID#randomUUID",
                "java.util.concurrent.ThreadLocalRandom#current");
        return noClasses()
                .that()
                .resideInAnyPackage(pure())
                .should()
                .accessTargetWhere(reached)
                .because("what time it is and what is random are handed in")
                .allowEmptyShould(true);
    }

    ArchRule httpNeverSeesAStore() {
        return noClasses()
                .that()
                .resideInAnyPackage(under("http"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(under("store")))
                .because("http knows the dispatcher")
                .allowEmptyShould(true);
    }

    ArchRule onlyNodeNamesImplementations() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("node"), under("store.postgres"), under("store.redis"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(under("store.postgres"), under("store.redis")))
                .because("all else sees the ports")
                .allowEmptyShould(true);
    }

    ArchRule onlyCliKnowsTheNode() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("node"), under("cli"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(under("node")))
                .because("package node composes; only cli imports it")
                .allowEmptyShould(true);
    }

    ArchRule onlyBusCallsTheEventBus() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("bus"))
                .should()
                .accessTargetWhere(Calls.to("the event bus", "io.vertx.core.Vertx#eventBus"))
                .allowEmptyShould(true);
    }

    ArchRule onlyConfigReadsTheEnvironment() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("config"), under("cli"))
                .should()
                .accessTargetWhere(Calls.to("the environment", "java.lang.System#getenv"))
                .because("config is its only reader; the main class of cli may pass it in")
                .allowEmptyShould(true);
    }

    ArchRule onlyMetricsKnowsMicrometer() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("metrics"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.micrometer..", "io.prometheus.."))
                .allowEmptyShould(true);
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    ArchRule noPackageWithoutAMeaning() {
        return noClasses()
                .should()
                .resideInAnyPackage(
                        "..util..", "..utils..", "..common..", "..model..", "..impl..", "..misc..", "..helper..")
                .because("packages are named by what they are responsible for")
                .allowEmptyShould(true);
    }

    ArchRule nothingWaits() {
        Calls waits = Calls.to(
                "something that waits",
                "java.lang.Thread#sleep",
                "java.lang.Thread#join",
                "java.lang.Object#wait",
                "java.lang.Process#waitFor",
                "java.util.concurrent.Future#get",
                "java.util.concurrent.CompletableFuture#join",
                "java.util.concurrent.CountDownLatch#await",
                "java.util.concurrent.BlockingQueue#take",
                "java.util.concurrent.locks.LockSupport#park",
                "java.util.concurrent.locks.LockSupport#parkNanos",
                "io.vertx.core.Future#await");
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("cli"), under("embedded"), under("load"), under("tune"))
                .should()
                .accessTargetWhere(waits)
                .because("an event loop that waits stops every order on it")
                .allowEmptyShould(true);
    }

    ArchRule onlyCliExits() {
        Calls exits = Calls.to(
                "the end of the process", "java.lang.System#exit", "java.lang.Runtime#exit", "java.lang.Runtime#halt");
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("cli"))
                .should()
                .accessTargetWhere(exits)
                .allowEmptyShould(true);
    }

    ArchRule onlyCliPrints() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("cli"))
                .should()
                .accessTargetWhere(Calls.to("standard output", "java.lang.System#out", "java.lang.System#err"))
                .because("results go to stdout by cli, logs by slf4j")
                .allowEmptyShould(true);
    }

    ArchRule onlyCliPrintsStackTraces() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(under("cli"))
                .should()
                .accessTargetWhere(Calls.to("a stack trace print", "java.lang.Throwable#printStackTrace"))
                .allowEmptyShould(true);
    }

    ArchRule hotPackagesFormatNothing() {
        return noClasses()
                .that()
                .resideInAnyPackage(under("batch"), under("bus"), under("writer"))
                .should()
                .accessTargetWhere(Calls.to("a formatter", "java.lang.String#format", "java.lang.String#formatted"))
                .because("a format costs a microsecond and they handle every order")
                .allowEmptyShould(true);
    }

    private String under(String name) {
        return root + "." + name + "..";
    }

    private String[] pure() {
        return table.pureNames().stream().map(this::under).toArray(String[]::new);
    }
}
