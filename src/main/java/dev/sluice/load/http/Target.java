package dev.sluice.load.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where orders go.
 *
 * @param host as it stands in the URL, an IPv6 address without its brackets
 * @param port 1 to 65535
 * @param path before {@code /orders}, empty or beginning with a slash and ending without one
 * @param tls whether it speaks TLS
 */
public record Target(String host, int port, String path, boolean tls) {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int PORT_MAX = 65_535;
    private static final String ORDERS = "/orders";

    /** An IPv6 address in brackets, or a name or address, which may have an underscore; the port. */
    private static final Pattern PLACE =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+(?:%[\\w.%-]+)?)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");

    /** One that speaks no TLS. */
    public Target(String host, int port, String path) {
        this(host, port, path, false);
    }

    /**
     * Reads {@code http://host:port} or {@code https://host:port}, with or without {@code /orders} at its end.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Target parse(String url) {
        URI uri = uri(url);
        boolean tls = "https".equals(uri.getScheme());
        boolean http = tls || "http".equals(uri.getScheme());
        Matcher place = PLACE.matcher(Objects.requireNonNullElse(uri.getRawAuthority(), ""));
        if (!http || !place.matches() || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw notATarget(url);
        }
        String host = place.group(1) == null ? place.group(2) : place.group(1);
        return new Target(host, port(url, place.group(3), tls), base(uri.getRawPath()), tls);
    }

    private static int port(String url, @Nullable String text, boolean tls) {
        int port = text == null ? usualPort(tls) : Integer.parseInt(text);
        if (port < 1 || port > PORT_MAX) {
            throw notATarget(url);
        }
        return port;
    }

    private static int usualPort(boolean tls) {
        return tls ? HTTPS_PORT : HTTP_PORT;
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(notATarget(url).getMessage(), e);
        }
    }

    /** What stands before an @ may be a password. */
    private static IllegalArgumentException notATarget(String url) {
        return new IllegalArgumentException(
                "'" + url.replaceFirst("//.*@", "//***@") + "' is not a URL such as http://127.0.0.1:8080");
    }

    private static String base(String path) {
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return base.endsWith(ORDERS) ? base.substring(0, base.length() - ORDERS.length()) : base;
    }

    /** The value of the Host header. */
    String authority() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return port == usualPort(tls) ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority() + path;
    }
}
