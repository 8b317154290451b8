package dev.sluice.load.http;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where orders go.
 *
 * @param host as it stands in the URL, an IPv6 address without its brackets
 * @param port 1 to 65535
 * @param path before {@code /orders}, empty or beginning with a slash and ending without one
 */
public record Target(String host, int port, String path) {

    private static final int HTTP_PORT = 80;
    private static final String ORDERS = "/orders";

    /**
     * Reads {@code http://host:port}, with or without {@code /orders} at its end.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Target parse(String url) {
        URI uri = uri(url);
        boolean plain = "http".equals(uri.getScheme()) && uri.getHost() != null;
        if (!plain || uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw notATarget(url);
        }
        String host = uri.getHost();
        boolean bracketed = host.startsWith("[");
        return new Target(
                bracketed ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? HTTP_PORT : uri.getPort(),
                base(uri.getRawPath()));
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(notATarget(url).getMessage(), e);
        }
    }

    private static IllegalArgumentException notATarget(String url) {
        return new IllegalArgumentException("'" + url + "' is not a URL such as http://127.0.0.1:8080 (http only)");
    }

    private static String base(String path) {
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return base.endsWith(ORDERS) ? base.substring(0, base.length() - ORDERS.length()) : base;
    }

    /** The value of the Host header. */
    String authority() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return port == HTTP_PORT ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return "http://" + authority() + path;
    }
}
