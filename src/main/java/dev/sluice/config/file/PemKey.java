package dev.sluice.config.file;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A private key as PEM has it: PKCS#8, or the older form of its kind (PKCS#1, SEC 1). Any thread. */
final class PemKey {

    /** The kinds that the network library reads. */
    static final Set<String> KINDS = Set.of("RSA", "EC");

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([^-]*)-----END \\1-----");

    private static final byte[] CHALLENGE = "sluice".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PKCS8_VERSION = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int LONG_FORM = 0x80;
    private static final int BYTE_MASK = 0xFF;

    private PemKey() {}

    /**
     * Whether the first key in the text is the private half of a key.
     *
     * @param other of one of the {@link #KINDS}
     */
    static boolean isPrivateHalf(byte[] pem, PublicKey other) {
        return read(pem, other) != null;
    }

    /** That key, or null where the first one in the text is another one or none. */
    static @Nullable PrivateKey read(byte[] pem, PublicKey other) {
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        return block.find() ? signing(block.group(1), block.group(2), other) : null;
    }

    private static @Nullable PrivateKey signing(String form, String base64, PublicKey other) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            byte[] pkcs8 = form.equals("PRIVATE KEY") ? der : pkcs8(der, other);
            PrivateKey key =
                    KeyFactory.getInstance(other.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            Signature signing = signature(other);
            signing.initSign(key);
            signing.update(CHALLENGE);
            byte[] signed = signing.sign();
            Signature checking = signature(other);
            checking.initVerify(other);
            checking.update(CHALLENGE);
            return checking.verify(signed) ? key : null;
        } catch (GeneralSecurityException | IllegalArgumentException otherKind) {
            return null;
        }
    }

    private static Signature signature(PublicKey key) throws GeneralSecurityException {
        return Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
    }

    /** The older forms do not say the kind, or the curve; the other half does, in its first element. */
    private static byte[] pkcs8(byte[] olderForm, PublicKey other) {
        byte[] publicInfo = other.getEncoded();
        int kindAt = contentAt(publicInfo, 0);
        int kindEnd = contentAt(publicInfo, kindAt) + contentLength(publicInfo, kindAt);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(PKCS8_VERSION);
        content.write(publicInfo, kindAt, kindEnd - kindAt);
        content.writeBytes(element(OCTETS, olderForm));
        return element(SEQUENCE, content.toByteArray());
    }

    /** Its length takes no byte more than it needs: nothing else is read. */
    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        byte[] length = BigInteger.valueOf(content.length).toByteArray();
        int from = length[0] == 0 ? 1 : 0; // a sign
        if (content.length >= LONG_FORM) {
            element.write(LONG_FORM | length.length - from);
        }
        element.write(length, from, length.length - from);
        element.writeBytes(content);
        return element.toByteArray();
    }

    private static int lengthBytes(byte[] der, int at) {
        int first = der[at + 1] & BYTE_MASK;
        return first < LONG_FORM ? 0 : first & ~LONG_FORM;
    }

    private static int contentAt(byte[] der, int at) {
        return at + 2 + lengthBytes(der, at);
    }

    private static int contentLength(byte[] der, int at) {
        int bytes = lengthBytes(der, at);
        if (bytes == 0) {
            return der[at + 1];
        }
        int length = 0;
        for (byte part : Arrays.copyOfRange(der, at + 2, at + 2 + bytes)) {
            length = (length << Byte.SIZE) | (part & BYTE_MASK);
        }
        return length;
    }
}
