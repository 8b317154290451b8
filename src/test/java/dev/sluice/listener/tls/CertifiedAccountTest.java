package dev.sluice.listener.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.file.PemFile;
import dev.sluice.config.value.ClientAccounts;
import dev.sluice.rig.TestCa;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("contract")
class CertifiedAccountTest {

    @TempDir
    static Path folder;

    private static X509Certificate certificate;

    @BeforeAll
    static void sign() {
        TestCa ca = TestCa.make(folder, "ca");
        Path cert = ca.sign("till-7", "DNS:Shop.Example,URI:spiffe://example/shop,email:till@shop.example", 2)
                .cert();
        certificate = PemFile.requireCertificates(cert).get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "dns:shop.example=a, a",
        "dns:SHOP.EXAMPLE=a, a",
        "uri:spiffe://example/shop=b, b",
        "email:till@shop.example=c, c",
        "cn:till-7=d, d",
        "subject:CN=till-7=e, e",
        "subject:cn=TILL-7=e, e",
        "dns:other=x; cn:till-7=second, second",
        "cn:till-7=first; dns:shop.example=second, first",
        "dns:example=x, ''",
        "dns:a.shop.example=x, ''",
        "cn:till-70=x, ''",
        "cn:till=x, ''",
        "cn:shop.example=x, ''",
        "dns:till-7=x, ''",
        "uri:spiffe://example/sho=x, ''"
    })
    void theFirstEntryThatTheCertificateHasDecidesAndNoPartOfANameDoes(String entries, String account) {
        assertEquals(account, CertifiedAccount.account(ClientAccounts.parse(entries), certificate));
        assertEquals(
                ClientAccounts.parse(entries),
                ClientAccounts.parse(ClientAccounts.parse(entries).toString()));
    }
}
