package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("process")
class BinariesTest {

    @Test
    void theVersionIsTheOneOfTheBuild() throws Exception {
        String version = "<postgresql-binaries.version>" + Binaries.POSTGRES_VERSION + "<";
        assertTrue(Files.readString(Path.of("pom.xml")).contains(version), version);
    }

    @Test
    void theServerIsThatMajorVersion() {
        String said = TestPostgres.queryText(TestPostgres.freshDatabase(), "show server_version");
        assertTrue(said.startsWith(Binaries.POSTGRES_MAJOR + "."), said);
    }
}
