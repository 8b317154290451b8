package dev.sluice.listener;

import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A file of the class path that is served as it is. Read at its first use and kept; any thread. */
final class StaticFile {

    /**
     * What is served.
     *
     * @param etag strong, quotes included
     */
    record Content(Buffer bytes, String etag) {}

    private static final int ETAG_BYTES = 12;

    private final String resource;
    private final String mediaType;
    private final String cacheControl;
    private volatile @Nullable Content content;

    StaticFile(String resource, String mediaType, String cacheControl) {
        this.resource = resource;
        this.mediaType = mediaType;
        this.cacheControl = cacheControl;
    }

    String mediaType() {
        return mediaType;
    }

    String cacheControl() {
        return cacheControl;
    }

    /** Blocks at the first call. */
    Content content() throws IOException {
        Content read = content;
        if (read == null) {
            byte[] bytes = bytes();
            read = new Content(Buffer.buffer(bytes), etag(bytes));
            content = read;
        }
        return read;
    }

    private byte[] bytes() throws IOException {
        try (InputStream in = StaticFile.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource);
            }
            return in.readAllBytes();
        }
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(hash, 0, ETAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
