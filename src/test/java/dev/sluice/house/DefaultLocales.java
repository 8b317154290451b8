package dev.sluice.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds numbers that are printed as the locale of the machine has them: with commas, or in other digits. */
final class DefaultLocales {

    private static final String NUMBER = "%[-,+0#(]*[0-9.]*[dfeg]";
    private static final Pattern PRINTED = Pattern.compile("(?:\\bprintf|String\\.format)\\(\\s*\"[^\"]*" + NUMBER);
    private static final Pattern ANY = Pattern.compile(NUMBER);

    private DefaultLocales() {}

    /** Path and line of each under a folder of sources. */
    static List<String> in(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .flatMap(file -> inText(file.toString(), read(file)).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code formatted} is called on may stand far from it: there must be no number in the whole file then. */
    static List<String> inText(String name, String source) {
        Pattern form = source.contains(".formatted(") ? ANY : PRINTED;
        return form.matcher(source)
                .results()
                .map(match -> name + ":"
                        + (1
                                + source.chars()
                                        .limit(match.start())
                                        .filter(c -> c == '\n')
                                        .count()))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
