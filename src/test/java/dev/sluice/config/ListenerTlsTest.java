package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Commands;
import dev.sluice.rig.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps a listener from speaking TLS is a problem of the configuration, with its key and the mend. */
@Tag("contract")
class ListenerTlsTest {

    @TempDir
    static Path folder;

    @BeforeAll
    static void make() throws IOException {
        TestCa ca = TestCa.make(folder, "ca");
        ca.sign("good", "DNS:localhost", 2);
        ca.sign("other", "DNS:localhost", 2);
        ca.sign("over", "DNS:localhost", -1);
        for (String pair : new String[] {"good", "other", "over"}) {
            Commands.run("chmod", "600", folder.resolve(pair + ".key").toString());
        }
        openssl("genrsa -traditional -out %s/rsa1.key 2048");
        openssl("req -x509 -key %s/rsa1.key -days 2 -subj /CN=rsa -out %s/rsa1.crt");
        openssl("ecparam -name secp384r1 -genkey -out %s/sec1.key");
        openssl("req -x509 -key %s/sec1.key -days 2 -subj /CN=sec1 -out %s/sec1.crt");
        openssl("genpkey -algorithm ed25519 -out %s/ed.key");
        openssl("req -x509 -key %s/ed.key -days 2 -subj /CN=ed -out %s/ed.crt");
        openssl("pkey -in %s/good.key -aes256 -passout pass:x -out %s/locked.key");
        copy("good.key", "open.key", "644");
        copy("good.key", "group.key", "660");
        Files.writeString(folder.resolve("empty.crt"), "");
        Files.writeString(folder.resolve("noise.crt"), "noise");
        Files.createDirectory(folder.resolve("folder.crt"));
    }

    private static void openssl(String arguments) {
        Commands.run(("openssl " + arguments.replace("%s", folder.toString())).split(" ", -1));
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".key"))
                    .forEach(file -> Commands.run("chmod", "600", file.toString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void copy(String from, String to, String mode) throws IOException {
        Files.copy(folder.resolve(from), folder.resolve(to));
        Commands.run("chmod", mode, folder.resolve(to).toString());
    }

    private static String[] sets(String listener, String sets) {
        return Arrays.stream(sets.split(" ", -1))
                .map(set -> listener + ".tls."
                        + (set.startsWith("clientAuth") ? set : set.replace("=", "=" + folder + "/")))
                .toArray(String[]::new);
    }

    private static String problem(String... sets) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of(sets));
        assertEquals(1, thrown.problems().size(), thrown.getMessage());
        return thrown.problems().get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "cert=good.crt key=absent.key, key, no such file",
        "cert=absent.crt key=good.key, cert, no such file",
        "cert=folder.crt key=good.key, cert, is a directory",
        "cert=empty.crt key=good.key, cert, is empty",
        "cert=noise.crt key=good.key, cert, holds no certificate",
        "cert=good.key key=good.key, cert, holds no certificate",
        "cert=good.crt key=good.crt, key, holds no private key",
        "cert=good.crt key=other.key, key, is not the key of the certificate in",
        "cert=good.crt key=rsa1.key, key, is not the key of the certificate in",
        "cert=good.crt key=locked.key, key, openssl pkey",
        "cert=good.crt key=open.key, key, chmod",
        "cert=good.crt key=group.key, key, chmod",
        "cert=over.crt key=over.key, cert, renew it",
        "cert=ed.crt key=ed.key, cert, RSA and EC alone",
        "cert=good.crt, cert, needs its key",
        "key=good.key, key, needs its certificate",
        "clientCa=ca.crt clientAuth=require, clientCa, name the listener's certificate",
        "clientAuth=request, clientAuth, name the listener's certificate",
        "cert=good.crt key=good.key clientAuth=require, clientAuth, takes a clientCa",
        "cert=good.crt key=good.key clientCa=ca.crt, clientCa, clientAuth request or require",
        "cert=good.crt key=good.key clientCa=noise.crt clientAuth=request, clientCa, holds no certificate"
    })
    void whatKeepsAListenerFromTlsIsSaidWithItsKey(String sets, String key, String said) {
        for (String listener : new String[] {"http", "admin"}) {
            String problem = problem(sets(listener, sets));
            assertTrue(problem.startsWith(listener + ".tls." + key + " (--set)"), problem);
            assertTrue(problem.contains(said), problem);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cert=good.crt key=good.key",
                "cert=rsa1.crt key=rsa1.key",
                "cert=sec1.crt key=sec1.key",
                "cert=good.crt key=good.key clientCa=ca.crt clientAuth=request",
                "cert=good.crt key=good.key clientCa=ca.crt clientAuth=require"
            })
    void whatCanBeSpokenIsTaken(String sets) {
        assertTrue(SluiceConfig.of(sets("http", sets)).http().tls().isOn());
        assertTrue(SluiceConfig.of(sets("admin", sets)).admin().tls().isOn());
    }

    @Test
    void aKeyOfRootMayBeReadByAGroup() throws IOException {
        copy("good.key", "service.key", "640");
        boolean isRoot = Integer.valueOf(0).equals(Files.getAttribute(folder.resolve("service.key"), "unix:uid"));
        String[] sets = sets("http", "cert=good.crt key=service.key");
        if (isRoot) {
            assertTrue(SluiceConfig.of(sets).http().tls().isOn());
        } else {
            assertTrue(problem(sets).contains("chmod 600"));
        }
    }

    @Test
    void http2IsOffUnlessAskedFor() {
        assertFalse(SluiceConfig.of().http().http2());
        assertTrue(SluiceConfig.of("http.http2=true").http().http2());
    }

    @Test
    void accountsOfCertificatesNeedCertificates() {
        String problem = problem("http.clientAccounts=cn:shop=shop");
        assertTrue(problem.startsWith("http.clientAccounts (--set)"), problem);
        assertTrue(problem.contains("http.tls.clientAuth"), problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"shop", "cn:shop", "cn:=shop", "ip:10.0.0.1=shop", "cn:a=no name", "subject:no dn=shop", "cn:a="
            })
    void whatIsNoAccountOfACertificateIsRefused(String entry) {
        assertTrue(problem("http.clientAccounts=" + entry).contains("http.clientAccounts"));
    }
}
