package dev.sluice.cli;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;

/** Reads and writes the address of a listener: {@code http://host:port} or {@code https://host:port}, without a path. */
final class ListenerUrl implements ITypeConverter<URI> {

    private static final int PORT_MAX = 65_535;

    @Override
    public URI convert(String text) {
        return LoadOptions.converted(() -> parse(text));
    }

    /** @throws IllegalArgumentException for anything else */
    static URI parse(String text) {
        URI url = uri(text);
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean bare = url.getPath() == null
                || url.getPath().isEmpty()
                || url.getPath().equals("/");
        boolean more = url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null;
        if (!http || url.getHost() == null || !bare || more || !isPort(url.getPort())) {
            throw isNone(text);
        }
        return url;
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(isNone(text).getMessage(), e);
        }
    }

    /** None given is the usual one. */
    private static boolean isPort(int port) {
        return port == -1 || (port > 0 && port <= PORT_MAX);
    }

    /** What stands before an @ may be a password. */
    private static IllegalArgumentException isNone(String text) {
        String underscore = text.matches("https?://[^/]*_.*") ? "; no host has an underscore: give its address" : "";
        return new IllegalArgumentException("'" + text.replaceFirst("//.*@", "//***@")
                + "' is not a URL such as http://127.0.0.1:9090" + underscore);
    }

    /** Where a listener on that interface is reached from this machine. */
    static URI of(String scheme, String host, int port) {
        return bound(scheme, isEveryInterface(host) ? "127.0.0.1" : host, port);
    }

    /** What it is bound to, as it is: every interface too. */
    static URI bound(String scheme, String host, int port) {
        boolean bare = host.contains(":") && !host.startsWith("[");
        return URI.create(scheme + "://" + (bare ? "[" + host + "]" : host) + ":" + port);
    }

    /** Whether a listener on that host is reached by any address of this machine. */
    static boolean isEveryInterface(String host) {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
    }
}
