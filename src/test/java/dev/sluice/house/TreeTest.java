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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The source tree itself: what is declared is used, and names and sizes are as the house wants them. */
class TreeTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/sluice");
    static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target/classes"));

    private static final int CLASSES_TO_INSERT_MAX = 12;
    private static final int PACKAGE_FILES_MAX = 25;
    private static final String ONE_CLASS_PER_VERB = "cli";
    private static final Path TESTS = Path.of("src/test/java/dev/sluice");

    private static final Pattern WORDS =
            Pattern.compile("[Nn]o(?:body)|[Ww]ho(?:ever)|\\b[Ss]h(?:y)\\b|[Ww]ell ad(?:vised)");

    /** How a sentence of a comment begins. */
    private static final Pattern BEGINNINGS =
            Pattern.compile("(?:/\\*\\*|^\\s*\\*|//|\\. ) *(?:O(?:f)|Fo(?:r) which)\\b");

    private static final Set<String> METERS = Set.of("Counter", "Counters", "Gauge", "GaugeByInstance", "Histogram");

    @Test
    void everyConfigurationKeyIsRead() {
        List<String> dead = Schema.keys().stream()
                .filter(key -> !key.isFileOfASecret() && !isRead(key))
                .map(KeySpec::name)
                .toList();
        assertEquals(List.of(), dead, "keys that nothing reads");
    }

    private static boolean isRead(KeySpec key) {
        JavaClass section = OURS.get(section(key));
        JavaMethod accessor = section.getMethod(key.component());
        boolean called = !accessor.getAccessesToSelf().isEmpty();
        return called
                || section.getField(key.component()).getAccessesToSelf().stream()
                        .map(JavaAccess::getOrigin)
                        .anyMatch(origin ->
                                !origin.equals(accessor) && !origin.getName().equals("<init>"));
    }

    private static Class<?> section(KeySpec key) {
        Class<?> section = SluiceConfig.class;
        for (String name : key.section().split("\\.", -1)) {
            section = Arrays.stream(section.getRecordComponents())
                    .filter(component -> KeySpec.sectionName(component).equals(name))
                    .map(RecordComponent::getType)
                    .findFirst()
                    .orElseThrow();
        }
        return section;
    }

    @Test
    void everyMeterIsRecorded() {
        List<String> dead = OURS.stream()
                .filter(type -> type.getPackageName().equals(Metrics.class.getPackageName()))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> METERS.contains(method.getRawReturnType().getSimpleName()))
                .filter(method -> method.getAccessesToSelf().isEmpty())
                .map(JavaMethod::getFullName)
                .toList();
        assertEquals(List.of(), dead, "meters that nothing records");
    }

    @Test
    void everyClassOnTheWayOfAnOrderExists() throws IOException {
        List<String> way = TreeCount.onTheWay(Path.of(""));
        assertFalse(way.isEmpty(), "no picture in ARCHITECTURE.md");
        assertTrue(way.size() <= CLASSES_TO_INSERT_MAX, way::toString);
        Set<String> names = types().map(TreeTest::nameOf).collect(Collectors.toSet());
        assertEquals(
                List.of(),
                way.stream().filter(name -> !names.contains(name)).toList(),
                "in the picture, not in src/main");
    }

    @Test
    void noTwoClassesHaveOneName() throws IOException {
        Map<String, List<Path>> byName =
                types().collect(Collectors.groupingBy(TreeTest::nameOf, TreeMap::new, Collectors.toList()));
        byName.values().removeIf(files -> files.size() == 1);
        assertEquals(Map.of(), byName);
    }

    @Test
    void noPackageIsTooLarge() throws IOException {
        Map<String, Long> sizes = types().collect(Collectors.groupingBy(
                file -> SOURCES.relativize(file.getParent()).toString(), TreeMap::new, Collectors.counting()));
        sizes.values().removeIf(files -> files <= PACKAGE_FILES_MAX);
        sizes.remove(ONE_CLASS_PER_VERB);
        assertEquals(Map.of(), sizes);
    }

    /** Words that a reader of another first language has to guess. */
    @Test
    void commentsAndNamesAreInPlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(SOURCES, TESTS).toList()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (isMannered(lines.get(i))) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        assertEquals(List.of(), found, "say it with the subject first, and the part that acts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "    void theRestHurtsNo" + "body() {",
                "/** Who" + "ever asks. */",
                "// it is sh" + "y of bulk",
                " * a client is well ad" + "vised to wait",
                "    /** O" + "f one store. */",
                " * It waits. O" + "f those, one goes.",
                "// Fo" + "r which a queue is asked"
            })
    void manneredWordsAreFound(String line) {
        assertTrue(isMannered(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "    private static final int NOBODY = 65_534;",
                "/** The user {@code no" + "body}. */",
                "BodyPublishers.noBody()",
                "/** Part of one store. */",
                "List.of(1)",
                "// finished"
            })
    void plainWordsAreNot(String line) {
        assertFalse(isMannered(line));
    }

    private static boolean isMannered(String line) {
        String words = line.replaceAll("\\{@code [^}]*}", "");
        return WORDS.matcher(words).find() || BEGINNINGS.matcher(words).find();
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static Stream<Path> types() throws IOException {
        return files(SOURCES).filter(file -> !file.endsWith("package-info.java"));
    }

    private static Stream<Path> files(Path... folders) throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        return all.stream();
    }
}
