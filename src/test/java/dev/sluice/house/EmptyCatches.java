package dev.sluice.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds catch blocks that do nothing: each is to log, count, rethrow or answer. A comment does nothing. */
final class EmptyCatches {

    private static final Pattern EMPTY_CATCH =
            Pattern.compile("catch\\s*\\([^)]*\\)\\s*\\{(\\s|//[^\\n]*|/\\*.*?\\*/)*}", Pattern.DOTALL);

    private EmptyCatches() {}

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

    static List<String> inText(String name, String source) {
        return EMPTY_CATCH
                .matcher(source)
                .results()
                .map(match -> name + ":" + lineAt(source, match.start()))
                .toList();
    }

    private static long lineAt(String source, int position) {
        return 1 + source.chars().limit(position).filter(c -> c == '\n').count();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
