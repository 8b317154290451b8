package dev.sluice.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** conf/alerts.yml is what Prometheus takes, as far as can be told without it, and asks for meters that there are. */
class AlertsTest {

    private static final Path RULES = Path.of("conf/alerts.yml");
    private static final Pattern METER = Pattern.compile("sluice_[a-z_]+");
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|sum|count)$");

    private static List<Map<?, ?>> rules() throws IOException {
        Object file = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(RULES));
        List<Map<?, ?>> rules = new ArrayList<>();
        for (Object group :
                assertInstanceOf(List.class, assertInstanceOf(Map.class, file).get("groups"))) {
            Map<?, ?> named = assertInstanceOf(Map.class, group);
            assertInstanceOf(String.class, named.get("name"));
            for (Object rule : assertInstanceOf(List.class, named.get("rules"))) {
                rules.add(assertInstanceOf(Map.class, rule));
            }
        }
        return rules;
    }

    @Test
    void everyRuleIsWholeAndNamedOnce() throws IOException {
        Set<Object> names = new HashSet<>();
        for (Map<?, ?> rule : rules()) {
            assertTrue(Set.of("alert", "expr", "for", "labels", "annotations").containsAll(rule.keySet()), rule + "");
            assertTrue(names.add(rule.get("alert")), rule + "");
            assertInstanceOf(String.class, rule.get("expr"), rule + "");
            assertTrue(rule.get("for") == null || rule.get("for").toString().matches("\\d+[smh]"), rule + "");
            Object severity = assertInstanceOf(Map.class, rule.get("labels")).get("severity");
            assertTrue(Set.of("info", "warning", "critical").contains(severity), rule + "");
            assertInstanceOf(
                    String.class,
                    assertInstanceOf(Map.class, rule.get("annotations")).get("summary"),
                    rule + "");
        }
    }

    @Test
    void everyMeterExists() throws IOException {
        Set<String> asked = rules().stream()
                .flatMap(rule -> METER.matcher((String) rule.get("expr")).results())
                .map(match -> SUFFIX.matcher(match.group()).replaceFirst(""))
                .collect(Collectors.toSet());
        try (Metrics metrics = Metrics.on("x")) {
            Set<String> shown = metrics.shown().stream().map(Meters.Meter::name).collect(Collectors.toSet());
            asked.removeAll(shown);
        }
        assertEquals(Set.of(), asked);
    }

    @Test
    void everyRuleIsDocumentedAsItIs() throws IOException {
        List<String> documented = Files.readAllLines(Path.of("docs/metrics.md")).stream()
                .filter(line -> line.startsWith("| `Sluice"))
                .map(row -> row.substring(0, row.lastIndexOf(" | ")))
                .toList();
        assertEquals(String.join("\n", rules().stream().map(AlertsTest::row).toList()), String.join("\n", documented));
    }

    private static String row(Map<?, ?> rule) {
        Object delay = rule.get("for") == null ? "at once" : rule.get("for");
        Object severity = assertInstanceOf(Map.class, rule.get("labels")).get("severity");
        return "| `" + rule.get("alert") + "` | `" + rule.get("expr") + "` | " + delay + " | " + severity;
    }
}
