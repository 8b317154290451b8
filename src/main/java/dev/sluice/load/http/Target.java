package dev.sluice.load.http;

import java.net.URI;
import java.net.URISyntaxException;

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
    private static final String ORDERS = "/orders";

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
        boolean plain = (tls || "http".equals(uri.getScheme())) && uri.getHost() != null;
        if (!plain || uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw notATarget(url);
        }
        String host = uri.getHost();
        boolean bracketed = host.startsWith("[");
        return new Target(
                bracketed ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? usualPort(tls) : uri.getPort(),
                base(uri.getRawPath()),
                tls);
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

    private static IllegalArgumentException notATarget(String url) {
        return new IllegalArgumentException("'" + url + "' is not a URL such as http://127.0.0.1:8080");
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
