package dev.sluice.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.sluice.config.KeySpec;
import dev.sluice.config.Schema;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The source tree itself: what is declared is used, and names and sizes are as the house wants them. */
class TreeTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/sluice");
    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target/classes"));
    private static final int CLASSES_TO_INSERT_MAX = 12;

    /** Names of two classes that are still to be merged. */
    private static final Set<String> STILL_TWO = Set.of("Answers");

    private static final Set<String> METERS = Set.of("Counter", "Counters", "Gauge", "GaugeByInstance", "Histogram");

    @Test
    void everyConfigurationKeyIsRead() {
        List<String> dead = Schema.keys().stream()
                .filter(key -> !isRead(key))
                .map(KeySpec::name)
                .toList();
        assertEquals(List.of(), dead, "keys that nothing reads");
    }

    private static boolean isRead(KeySpec key) {
        JavaClass section = OURS.get(section(key).getType());
        JavaMethod accessor = section.getMethod(key.component());
        boolean called = !accessor.getAccessesToSelf().isEmpty();
        return called
                || section.getField(key.component()).getAccessesToSelf().stream()
                        .map(JavaAccess::getOrigin)
                        .anyMatch(origin ->
                                !origin.equals(accessor) && !origin.getName().equals("<init>"));
    }

    private static RecordComponent section(KeySpec key) {
        return Arrays.stream(SluiceConfig.class.getRecordComponents())
                .filter(component -> component.getName().equals(key.section()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyMeterIsRecorded() {
        List<String> dead = OURS.get(Metrics.class).getMethods().stream()
                .filter(method -> METERS.contains(method.getRawReturnType().getSimpleName()))
                .filter(method -> method.getAccessesToSelf().isEmpty())
                .map(JavaMethod::getName)
                .toList();
        assertEquals(List.of(), dead, "meters that nothing records");
    }

    @Test
    void everyClassOnTheWayOfAnOrderExists() throws IOException {
        List<String> way = TreeCount.onTheWay(Path.of(""));
        assertFalse(way.isEmpty(), "no picture in ARCHITECTURE.md");
        assertTrue(way.size() <= CLASSES_TO_INSERT_MAX, way::toString);
        Set<String> names = files().map(TreeTest::nameOf).collect(Collectors.toSet());
        assertEquals(
                List.of(),
                way.stream().filter(name -> !names.contains(name)).toList(),
                "in the picture, not in src/main");
    }

    @Test
    void noTwoClassesHaveOneName() throws IOException {
        Map<String, List<Path>> byName =
                files().collect(Collectors.groupingBy(TreeTest::nameOf, TreeMap::new, Collectors.toList()));
        byName.values().removeIf(files -> files.size() == 1);
        byName.keySet().removeAll(STILL_TWO);
        assertEquals(Map.of(), byName);
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .toList()
                    .stream();
        }
    }
}
