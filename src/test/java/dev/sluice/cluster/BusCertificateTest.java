package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.LogLines;
import dev.sluice.rig.TestCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of the certificate of the bus, which is read at the start alone. */
@Tag("contract")
@Timeout(60)
class BusCertificateTest {

    @TempDir
    Path folder;

    private final List<Double> seconds = new ArrayList<>();

    @Test
    void theOneInUseIsShownUntilTheNextStartAndAnotherInItsPlaceIsSaidOnce() {
        TestCa ca = TestCa.make(folder, "ca");
        TestCa.Pair place = new TestCa.Pair(folder.resolve("node.crt"), folder.resolve("node.key"));
        ca.sign("first", "DNS:one.example", 2).copyTo(place);
        Instant now = Instant.now();
        BusCertificate certificate = new BusCertificate(place.cert(), seconds::add);
        try (LogLines lines = LogLines.of(BusCertificate.class)) {
            certificate.look(now);
            certificate.look(now.plus(3, ChronoUnit.DAYS));
            assertEquals(List.of(), lines.lines());
            ca.sign("second", "DNS:one.example", 20).copyTo(place);
            certificate.look(now);
            certificate.look(now);
            assertEquals(1, lines.lines().size());
            assertTrue(lines.lines().get(0).contains("restart the nodes one by one"), lines.lines()::toString);
        }
        double twoDays = 2 * 86_400.0;
        assertEquals(twoDays, seconds.get(0), 60);
        assertEquals(-86_400.0, seconds.get(1), 60);
        assertEquals(twoDays, seconds.get(3), 60, "not that of the new one");
    }

    @Test
    void aFileThatCannotBeReadIsSaid() throws Exception {
        Path file = Files.writeString(folder.resolve("none.crt"), "none");
        assertThrows(IllegalArgumentException.class, () -> new BusCertificate(file, seconds::add));
    }
}
