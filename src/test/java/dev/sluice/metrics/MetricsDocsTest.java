package dev.sluice.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists exactly the meters that a node shows. */
class MetricsDocsTest {

    private static final Path DOCS = Path.of("docs/metrics.md");

    @Test
    void everyMeterOfOursIsDocumentedAsItIs() throws IOException {
        try (Metrics metrics = Metrics.on("x")) {
            Set<String> shown =
                    metrics.shown().stream().map(MetricsDocsTest::row).collect(Collectors.toCollection(TreeSet::new));
            Set<String> documented = rows("## Sluice");
            assertEquals(String.join("\n", shown), String.join("\n", documented), "table in " + DOCS);
        }
    }

    @Test
    void everyMeterOfTheJvmIsDocumented() throws IOException {
        Set<String> documented = rows("## JVM and process").stream()
                .map(row -> row.split("`", 3)[1])
                .collect(Collectors.toSet());
        try (Metrics metrics = Metrics.on("x")) {
            List<String> missing = new ArrayList<>(names(metrics.scrape()));
            missing.removeIf(name -> name.startsWith("sluice_") || documented.contains(name));
            assertTrue(missing.isEmpty(), () -> "missing in " + DOCS + ": " + missing);
        }
    }

    @Test
    void allMetersOfOursReachTheScrape() {
        try (Metrics metrics = Metrics.on("x")) {
            metrics.httpConnections().of("0").add(1);
            metrics.busOutstandingOrders().of("0").add(1);
            metrics.tlsExpiresSeconds().of("http").set(1);
            Set<String> scraped = names(metrics.scrape());
            Set<String> expected =
                    metrics.shown().stream().map(Meters.Meter::name).collect(Collectors.toSet());
            expected.remove("sluice_event_loop_busy_ratio"); // No thread before the first second is over.
            assertTrue(scraped.containsAll(expected), () -> scraped + "\nlacks some of\n" + expected);
        }
    }

    @Test
    void everyLabelValueIsDocumented() throws IOException {
        Set<String> labels = rows("### Labels");
        assertDocumented(labels, "outcome", OrderOutcome.values());
        assertDocumented(labels, "bound", Bound.values());
        assertDocumented(labels, "result", CommitResult.values());
        assertDocumented(labels, "result", TlsReload.values());
    }

    private static void assertDocumented(Set<String> labels, String label, Enum<?>... values) {
        for (Enum<?> value : values) {
            String shown = "`" + value.name().toLowerCase(Locale.ROOT) + "`";
            assertTrue(
                    labels.stream().anyMatch(row -> row.startsWith("| `" + label + "`") && row.contains(shown)),
                    () -> shown + " of label " + label + " is not in " + DOCS);
        }
    }

    private static Set<String> names(String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", 4)[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String row(Meters.Meter meter) {
        String label = meter.label().isEmpty() ? "" : "`" + meter.label() + "`";
        return "| `" + meter.name() + "` | " + meter.type() + " | " + label + " | " + meter.help() + " |";
    }

    private static Set<String> rows(String section) throws IOException {
        return Files.readAllLines(DOCS).stream()
                .dropWhile(line -> !line.equals(section))
                .skip(1)
                .takeWhile(line -> !line.startsWith("##"))
                .filter(line -> line.startsWith("| `"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
