package dev.sluice.load.verify;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is.
 *
 * @param tls {@code rediss://}
 * @param user null for the default one
 * @param database 0 to 15 and beyond
 */
record RedisAddress(
        boolean tls, @Nullable String user, @Nullable String password, String host, int port, int database) {

    static final String FORM = "redis://user:password@host:port/db";

    private static final int PORT = 6379;

    /** An {@link IllegalArgumentException}, without the text, where it is none. */
    static RedisAddress parse(String text) {
        URI uri = uri(text);
        boolean tls = "rediss".equals(uri.getScheme());
        if (uri.getHost() == null || !(tls || "redis".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("is no URI of a Redis such as " + FORM);
        }
        String info = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        int colon = info.indexOf(':');
        String user = colon < 0 ? "" : decoded(info.substring(0, colon));
        String password = decoded(info.substring(colon + 1));
        return new RedisAddress(
                tls,
                user.isEmpty() ? null : user,
                password.isEmpty() ? null : password,
                uri.getHost(),
                uri.getPort() < 0 ? PORT : uri.getPort(),
                database(uri.getPath()));
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no URI of a Redis such as " + FORM);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static int database(@Nullable String path) {
        String number = path == null || path.isEmpty() ? "" : path.substring(1);
        try {
            return number.isEmpty() ? 0 : Integer.parseUnsignedInt(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("ends in no database number; the form is " + FORM);
        }
    }

    /** Without the password. */
    String shown() {
        return (tls ? "rediss://" : "redis://") + host + ":" + port + "/" + database;
    }

    @Override
    public String toString() {
        return shown();
    }
}
