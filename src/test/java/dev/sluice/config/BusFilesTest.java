package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Commands;
import dev.sluice.rig.TestCa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of {@code cluster.tls}: what no handshake could succeed with is refused, with the file and the mend. */
@Tag("process")
class BusFilesTest {

    private static final String BOTH = "extendedKeyUsage=serverAuth,clientAuth";

    @TempDir
    static Path folder;

    @BeforeAll
    static void make() throws IOException {
        TestCa ca = TestCa.make(folder, "ca");
        TestCa other = TestCa.make(folder, "other");
        ca.sign("right", "DNS:a\n" + BOTH, 2);
        ca.sign("plain", "DNS:a", 2);
        ca.sign("over", "DNS:a", -1);
        ca.sign("server", "DNS:a\nextendedKeyUsage=serverAuth", 2);
        ca.sign("client", "DNS:a\nextendedKeyUsage=clientAuth", 2);
        other.sign("foreign", "DNS:a", 2);
        openssl("pkey -in %s -out %s -traditional", "right.key", "sec1.key");
        openssl("pkey -in %s -out %s -aes256 -passout pass:secret", "right.key", "locked.key");
        openssl("ecparam -name secp384r1 -genkey -noout -out %s", "other-curve.key");
        openssl("genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out %s", "rsa.key");
        selfMade("rsa");
        openssl("pkey -in %s -out %s -traditional", "rsa.key", "pkcs1.key");
        openssl("genpkey -algorithm ed25519 -out %s", "ed.key");
        selfMade("ed");
        Files.writeString(folder.resolve("empty.crt"), "");
        Files.writeString(folder.resolve("text.crt"), "no certificate\n");
        Files.createDirectory(folder.resolve("folder.crt"));
        Files.write(folder.resolve("both.crt"), both("other.crt", "ca.crt"));
    }

    /** A certificate that is its own CA. */
    private static void selfMade(String name) {
        openssl(
                "req -x509 -new -days 2 -subj /CN=%s -key %s -out %s".formatted(name, "%s", "%s"),
                name + ".key",
                name + ".crt");
    }

    private static byte[] both(String one, String other) throws IOException {
        return (Files.readString(folder.resolve(one)) + Files.readString(folder.resolve(other)))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void openssl(String arguments, String... files) {
        Object[] paths = Arrays.stream(files).map(folder::resolve).toArray();
        Commands.run(("openssl " + arguments.formatted(paths)).split(" ", -1));
    }

    private static SluiceConfig load(String ca, String cert, String key) {
        List<String> sets = new ArrayList<>();
        add(sets, "cluster.tls.ca=", ca);
        add(sets, "cluster.tls.cert=", cert);
        add(sets, "cluster.tls.key=", key);
        return SluiceConfig.of(sets.toArray(String[]::new));
    }

    private static void add(List<String> sets, String key, String file) {
        if (file != null) {
            sets.add(key + folder.resolve(file));
        }
    }

    private static String problem(String ca, String cert, String key) {
        ConfigException refused = assertThrows(ConfigException.class, () -> load(ca, cert, key));
        assertEquals(1, refused.problems().size(), refused.getMessage());
        return refused.problems().get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "ca.crt, right.crt, right.key",
        "ca.crt, right.crt, sec1.key",
        "ca.crt, plain.crt, plain.key",
        "both.crt, right.crt, right.key",
        "rsa.crt, rsa.crt, rsa.key",
        "rsa.crt, rsa.crt, pkcs1.key"
    })
    void filesThatFitAreTaken(String ca, String cert, String key) {
        SluiceConfig config = assertDoesNotThrow(() -> load(ca, cert, key));
        assertTrue(config.cluster().tls().isOn());
    }

    @Test
    void withoutFilesTheBusSpeaksNoTls() {
        assertFalse(SluiceConfig.defaults().cluster().tls().isOn());
    }

    @ParameterizedTest
    @CsvSource({
        "ca.crt, right.crt, , cluster.tls.key must",
        "ca.crt, , right.key, cluster.tls.cert must",
        ", right.crt, right.key, cluster.tls.ca must",
        "ca.crt, , , cluster.tls.cert and cluster.tls.key must",
        ", , right.key, cluster.tls.ca and cluster.tls.cert must"
    })
    void whatIsMissingIsNamed(String ca, String cert, String key, String named) {
        String problem = problem(ca, cert, key);
        assertTrue(problem.startsWith(named), problem);
        assertTrue(problem.contains("--set"), problem);
    }

    @ParameterizedTest
    @CsvSource({
        "none.crt, right.crt, right.key, none.crt, no such file",
        "ca.crt, folder.crt, right.key, folder.crt, is a directory",
        "ca.crt, empty.crt, right.key, empty.crt, is empty",
        "text.crt, right.crt, right.key, text.crt, holds no certificate",
        "ca.crt, right.key, right.key, right.key, holds no certificate",
        "ca.crt, right.crt, right.crt, right.crt, holds no private key",
        "ca.crt, right.crt, locked.key, locked.key, write it without",
        "ca.crt, right.crt, plain.key, plain.key, is not the key of the certificate in",
        "ca.crt, right.crt, rsa.key, rsa.key, is not the key of the certificate in",
        "ca.crt, right.crt, pkcs1.key, pkcs1.key, is not the key of the certificate in",
        "ca.crt, right.crt, other-curve.key, other-curve.key, is not the key of the certificate in",
        "ca.crt, over.crt, over.key, over.crt, renew it",
        "other.crt, right.crt, right.key, right.crt, comes from none of the CAs",
        "ca.crt, foreign.crt, foreign.key, foreign.crt, comes from none of the CAs",
        "ca.crt, server.crt, server.key, server.crt, 'extendedKeyUsage=serverAuth,clientAuth'",
        "ca.crt, client.crt, client.key, client.crt, 'extendedKeyUsage=serverAuth,clientAuth'",
        "ed.crt, ed.crt, ed.key, ed.crt, openssl req -newkey ec"
    })
    void whatCannotWorkIsNamedWithItsMend(String ca, String cert, String key, String file, String mend) {
        String problem = problem(ca, cert, key);
        assertTrue(problem.contains(folder.resolve(file).toString()), problem);
        assertTrue(problem.contains(mend), problem);
    }
}
