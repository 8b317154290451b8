package dev.sluice.config.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A small file that the configuration names, as secrets are mounted: read whole, at most 1 MiB. */
public final class SecretFile {

    private static final int BYTES_MAX = 1 << 20;

    private SecretFile() {}

    /**
     * The text without the line ends that editors and {@code echo} leave at its end, and the byte order mark that some
     * leave at its beginning.
     *
     * @throws IllegalArgumentException names the file and what is wrong with it, never its text
     */
    public static String text(Path file) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(file)))
                    .toString()
                    .replaceFirst("^\uFEFF", "")
                    .replaceFirst("[\r\n]+$", "");
            if (text.isEmpty()) {
                throw new IllegalArgumentException(file + ": is empty");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": is not UTF-8", e);
        }
    }

    /**
     * The whole file.
     *
     * @throws IllegalArgumentException names the file and what is wrong with it
     */
    public static byte[] bytes(Path file) {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + ": is a directory, not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length == 0 || bytes.length > BYTES_MAX) {
                throw new IllegalArgumentException(
                        file + ": is " + (bytes.length == 0 ? "empty" : "larger than 1 MiB"));
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException(file + ": permission denied; let this user read it", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
