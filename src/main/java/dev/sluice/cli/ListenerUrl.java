package dev.sluice.cli;

import java.net.URI;
import picocli.CommandLine.ITypeConverter;

/** Reads and writes the address of a listener: {@code http://host:port} or {@code https://host:port}, without a path. */
final class ListenerUrl implements ITypeConverter<URI> {

    @Override
    public URI convert(String text) {
        return LoadOptions.converted(() -> parse(text));
    }

    /** @throws IllegalArgumentException for anything else */
    static URI parse(String text) {
        URI url = URI.create(text);
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean bare = url.getPath() == null
                || url.getPath().isEmpty()
                || url.getPath().equals("/");
        if (!http || url.getHost() == null || !bare || url.getQuery() != null) {
            throw new IllegalArgumentException("'" + text + "' is not a URL such as http://127.0.0.1:9090");
        }
        return url;
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
