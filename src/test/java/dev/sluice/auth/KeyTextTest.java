package dev.sluice.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The check is CRC-32 of the 60 characters before it, computed elsewhere: 0xd84dc701. */
    private static final String KNOWN = "slk_0123456789AB_0000000000000000000000000000000000000000000_3xaoOv";

    @Test
    void aKeyHasItsForm() {
        KeyText key = KeyText.fresh(RANDOM);
        assertTrue(
                key.text().matches("slk_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}"),
                key.text().length() + "");
        assertEquals(key, KeyText.parse(key.text()));
        assertEquals(key.text().substring(4, 16), key.id());
        assertTrue(KeyText.isId(key.id()));
    }

    /** Scanners and other programs compute the same. */
    @Test
    void theCheckIsTheOneOfOthers() {
        assertNotNull(KeyText.parse(KNOWN));
    }

    @Test
    void noTwoAreAlike() {
        Set<String> ids = new HashSet<>();
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            KeyText key = KeyText.fresh(RANDOM);
            assertTrue(ids.add(key.id()));
            assertTrue(secrets.add(key.text().substring(17, 60)));
        }
    }

    @Test
    void whatIsStoredIsTheHashOfTheWhole() throws Exception {
        KeyText key = KeyText.fresh(RANDOM);
        byte[] whole = key.text().getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(
                MessageDigest.getInstance("SHA-256").digest(whole), key.hash().bytes());
    }

    @Test
    void itPrintsWithoutItsSecret() {
        KeyText key = KeyText.fresh(RANDOM);
        assertEquals("slk_" + key.id() + "_***", key.toString());
        assertFalse(("" + key).contains(key.text().substring(17, 30)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "slk_",
                "slk_0123456789AB_0000000000000000000000000000000000000000000_000000",
                "slk_0123456789AB_000000000000000000000000000000000000000000_0000000",
                "slk_0123456789A-_0000000000000000000000000000000000000000000_000000",
                "SLK_0123456789AB_0000000000000000000000000000000000000000000_000000",
                "slk_0123456789äB_0000000000000000000000000000000000000000000_000000"
            })
    void whatIsNoKeyIsNone(String text) {
        assertNull(KeyText.parse(text));
    }

    /** One character changed, two swapped, one cut off, one added: the check shows it. */
    @Test
    void aMistypedKeyIsNone() {
        String key = KeyText.fresh(RANDOM).text();
        for (int i = KeyText.PREFIX.length(); i < key.length(); i++) {
            char other = key.charAt(i) == 'x' ? 'y' : 'x';
            assertNull(KeyText.parse(key.substring(0, i) + other + key.substring(i + 1)), "at " + i);
        }
        assertNull(KeyText.parse(key.substring(0, key.length() - 1)));
        assertNull(KeyText.parse(key + "0"));
        assertNull(KeyText.parse(" " + key));
    }
}
