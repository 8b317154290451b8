package dev.sluice.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A key as its client holds it: {@code slk_<id 12>_<secret 43>_<check 6>}, each part base62 of a fixed width. The secret
 * has 256 random bits. The check is the CRC-32 of all before it, so that a key that was cut or mistyped is known as such
 * without a look-up, and scanners of source code can tell a key from other text. Prints without its secret.
 *
 * @param text the whole
 */
public record KeyText(String text) {

    public static final String PREFIX = "slk_";
    static final int ID_LENGTH = 12;
    static final int SECRET_LENGTH = 43;
    static final int CHECK_LENGTH = 6;
    static final int LENGTH = PREFIX.length() + ID_LENGTH + 1 + SECRET_LENGTH + 1 + CHECK_LENGTH;

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_END = PREFIX.length() + ID_LENGTH;
    private static final int SECRET_END = ID_END + 1 + SECRET_LENGTH;
    private static final int SECRET_BITS = 256;
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

    /** A new key. */
    public static KeyText fresh(SecureRandom random) {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        String secret = secretDigits(new BigInteger(SECRET_BITS, random));
        String checked = PREFIX + id + "_" + secret;
        return new KeyText(checked + "_" + check(checked));
    }

    /** Null where the text has not the form of a key, or its check is wrong. */
    public static @Nullable KeyText parse(String text) {
        boolean formed = text.length() == LENGTH
                && text.startsWith(PREFIX)
                && isBase62(text, PREFIX.length(), ID_END)
                && text.charAt(ID_END) == '_'
                && isBase62(text, ID_END + 1, SECRET_END)
                && text.charAt(SECRET_END) == '_'
                && text.endsWith(check(text.substring(0, SECRET_END)));
        return formed ? new KeyText(text) : null;
    }

    /** Whether the text is the id of a key. */
    public static boolean isId(String text) {
        return text.length() == ID_LENGTH && isBase62(text, 0, ID_LENGTH);
    }

    private static boolean isBase62(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) {
                return false;
            }
        }
        return true;
    }

    private static String check(String checked) {
        CRC32 crc = new CRC32();
        crc.update(checked.getBytes(US_ASCII));
        char[] digits = new char[CHECK_LENGTH];
        long rest = crc.getValue();
        for (int i = CHECK_LENGTH - 1; i >= 0; i--) {
            digits[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
        return new String(digits);
    }

    private static String secretDigits(BigInteger number) {
        char[] digits = new char[SECRET_LENGTH];
        BigInteger rest = number;
        for (int i = SECRET_LENGTH - 1; i >= 0; i--) {
            BigInteger[] divided = rest.divideAndRemainder(BASE);
            digits[i] = DIGITS.charAt(divided[1].intValue());
            rest = divided[0];
        }
        return new String(digits);
    }

    /** What it is called in lists and logs. */
    public String id() {
        return text.substring(PREFIX.length(), ID_END);
    }

    /** What is stored of it: SHA-256 of the whole. */
    public KeyHash hash() {
        return KeyHash.of(text);
    }

    @Override
    public String toString() {
        return PREFIX + id() + "_***";
    }
}
