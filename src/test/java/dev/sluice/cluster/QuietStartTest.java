package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member starts as the jar would, with the access to the JDK that its manifest asks for. */
@Tag("process")
@Timeout(120)
class QuietStartTest {

    @TempDir
    Path folder;

    private static Stream<String> flags(String entry, String flag) throws IOException {
        Matcher packages =
                Pattern.compile("<" + entry + ">([^<]*)</" + entry + ">").matcher(Files.readString(Path.of("pom.xml")));
        assertTrue(packages.find(), "no " + entry + " in pom.xml");
        return Stream.of(packages.group(1).split(" ", -1)).map(one -> flag + "=" + one + "=ALL-UNNAMED");
    }

    @Test
    void noLibraryWarnsOfHowItWasStarted() throws Exception {
        String[] manifest = Stream.concat(flags("Add-Opens", "--add-opens"), flags("Add-Exports", "--add-exports"))
                .toArray(String[]::new);
        try (ClusterRig rig = new ClusterRig(1);
                NodeProcess node = NodeProcess.serve(folder, Manner.withFlags(manifest), rig.settings(0, Role.BOTH))) {
            node.awaitReady();
            List<String> warnings = node.errors()
                    .lines()
                    .filter(line -> line.contains("Vert.x context") || line.contains("modular environment"))
                    .toList();
            assertEquals(List.of(), warnings);
        }
    }
}
