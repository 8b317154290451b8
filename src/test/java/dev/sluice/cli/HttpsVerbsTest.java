package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Commands;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestCa;
import dev.sluice.rig.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Verbs that ask a node whose listener speaks TLS. */
@Tag("process")
@Timeout(60)
class HttpsVerbsTest {

    @TempDir
    Path folder;

    private static String sluice(Map<String, String> environment, String... args) {
        StringWriter said = new StringWriter();
        int code = Sluice.commandLine(environment, new PrintWriter(said), new PrintWriter(said))
                .execute(args);
        return code + " " + said;
    }

    @Test
    void verbsReachANodeByHttpsWithItsCaAlone() {
        TestCa signer = TestCa.make(folder, "ca");
        TestCa.Pair place = signer.sign("listener", "DNS:localhost,IP:127.0.0.1", 2);
        Commands.run("chmod", "600", place.key().toString());
        try (Node node = Node.start(
                TestPostgres.freshDatabase(),
                "admin.tls.cert=" + place.cert(),
                "admin.tls.key=" + place.key(),
                "http.tls.cert=" + place.cert(),
                "http.tls.key=" + place.key())) {
            String admin = "https://localhost:" + node.adminPort();
            String ca = signer.cert().toString();
            String answered = sluice(Map.of(), "cluster", "status", "--admin=" + admin, "--cacert=" + ca);
            assertTrue(answered.startsWith("0 "), answered);
            answered = sluice(Map.of("SLUICE_ADMIN", admin, "SLUICE_CACERT", ca), "cluster", "status");
            assertTrue(answered.startsWith("0 "), answered);
            String untrusted = sluice(Map.of(), "cluster", "status", "--admin=" + admin);
            assertTrue(untrusted.startsWith("4 ") && untrusted.contains("--cacert"), untrusted);
            String clear = sluice(Map.of(), "cluster", "status", "--admin=" + admin.replace("https", "http"));
            assertTrue(clear.startsWith("4 ") && clear.contains("without TLS"), clear);
            String configured = sluice(
                    Map.of("SLUICE_CACERT", ca),
                    "cluster",
                    "status",
                    "--set=admin.tls.cert=" + place.cert(),
                    "--set=admin.tls.key=" + place.key(),
                    "--set=admin.port=" + node.adminPort());
            assertTrue(configured.startsWith("0 "), "https by the configuration: " + configured);
            String[] load = {
                "load",
                "http",
                "--url=https://localhost:" + node.port(),
                "--rate=max",
                "--connections=2",
                "--duration=1s"
            };
            String untrustedLoad = sluice(Map.of(), load);
            assertTrue(untrustedLoad.startsWith("4 ") && untrustedLoad.contains("--cacert"), untrustedLoad);
            String loaded = sluice(Map.of("SLUICE_CACERT", ca), load);
            assertTrue(loaded.contains("committed"), loaded);
        }
    }
}
