package dev.sluice.tune;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tune.search.Candidate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node is started: each of them with the same command. */
class ChildNodeTest {

    private static final Candidate ANY = Candidate.of(1, 1, 1, 1, 1, 1);

    /** Says with what it was called, and ends. */
    private final List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "echo \"$@\" >&2; exit 1", "sh"));

    @TempDir
    Path folder;

    private String complaint() {
        return assertThrows(ChildNode.Failed.class, () -> ChildNode.start(command, folder, ANY, "{}", () -> false))
                .getMessage();
    }

    @Test
    void theSecondOneGetsItsOwnConfigurationAlone() {
        String first = complaint();
        String second = complaint();
        assertTrue(first.matches("the node ended: serve --config \\S+"), first);
        assertTrue(second.matches("the node ended: serve --config \\S+"), second);
    }
}
