package dev.sluice.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of the release archive link only to what is in it. */
class ArchiveDocsTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)[^)]*\\)");

    private final List<String> shipped = shipped();

    private static List<String> shipped() {
        try {
            String assembly = Files.readString(Path.of("src/main/assembly/archive.xml"));
            return Pattern.compile("<(?:directory|include)>([^.<][^<]*)<")
                    .matcher(assembly)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isShipped(Path path) {
        return shipped.stream().anyMatch(path::startsWith);
    }

    @Test
    void everyLinkLeadsToAFileOfTheArchive() throws Exception {
        List<String> broken;
        try (Stream<Path> files = Files.walk(Path.of(""), 2)) {
            broken = files.filter(file -> file.toString().endsWith(".md") && isShipped(file))
                    .flatMap(this::broken)
                    .toList();
        }
        assertEquals(List.of(), broken);
    }

    private Stream<String> broken(Path page) {
        try {
            return LINK.matcher(Files.readString(page))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .filter(link -> !link.startsWith("http"))
                    .filter(link -> {
                        Path target = page.resolveSibling(link).normalize();
                        return !isShipped(target) || !Files.exists(target);
                    })
                    .map(link -> page + " -> " + link);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theArchiveIsRead() {
        assertTrue(shipped.containsAll(List.of("docs", "conf", "README.md", "Dockerfile")), shipped.toString());
    }
}
