package dev.sluice.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The package table of ARCHITECTURE.md, read: {@code | `http` | routes … | `order`, `bus` (dispatcher) |}. What
 * stands in backticks in the last column is what a package may know of Sluice; "Pure" in the middle makes it pure.
 */
record PackageTable(Map<String, Row> rows) {

    private static final String HEADER = "| package | is | may know |";
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9/]+)`");

    /**
     * One package.
     *
     * @param name relative to the root, with dots
     */
    record Row(String name, boolean pure, boolean everything, Set<String> mayKnow) {

        boolean mayKnow(String other) {
            return everything || name.equals(other) || mayKnow.contains(other);
        }
    }

    static PackageTable ofArchitecture() {
        try {
            return parse(Files.readAllLines(Path.of("ARCHITECTURE.md")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PackageTable parse(List<String> page) {
        Map<String, Row> rows = page.stream()
                .dropWhile(line -> !line.equals(HEADER))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(PackageTable::row)
                .collect(Collectors.toMap(Row::name, row -> row, (a, b) -> a, LinkedHashMap::new));
        return new PackageTable(rows);
    }

    private static Row row(String line) {
        List<String> cells =
                Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        boolean pure = cells.get(2).contains("Pure");
        boolean everything = cells.get(3).contains("everything");
        return new Row(names(cells.get(1)).iterator().next(), pure, everything, names(cells.get(3)));
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell)
                .results()
                .map((MatchResult match) -> match.group(1).replace('/', '.'))
                .collect(Collectors.toSet());
    }

    /** The row of a package: its own, or that of the nearest package above it; null where none is. */
    Row of(String root, String packageName) {
        String name = packageName.substring(root.length() + 1);
        while (!rows.containsKey(name) && name.contains(".")) {
            name = name.substring(0, name.lastIndexOf('.'));
        }
        return rows.get(name);
    }

    List<String> pureNames() {
        return rows.values().stream().filter(Row::pure).map(Row::name).toList();
    }
}
