package dev.sluice.listener;

import io.netty.util.NetUtil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request was sent to: a name or an address, with or without a port. In lower case.
 *
 * @param host an IPv6 address in its brackets; may be empty
 * @param port empty where there is none
 */
record Authority(String host, String port) {

    private static final String HTTP_PORT = "80";
    private static final String HTTPS_PORT = "443";
    private static final String NAME_MARKS = "-._~%!$&'()*+;=";

    /** Null where the text is none by RFC 3986, as a {@code Host} may have it: without a user. */
    static @Nullable Authority parse(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        String host = (hostEnd < 0 ? text : text.substring(0, hostEnd)).toLowerCase(Locale.ROOT);
        String rest = hostEnd < 0 ? "" : text.substring(hostEnd);
        boolean isHost =
                text.startsWith("[") ? isAddressInBrackets(host) : host.chars().allMatch(Authority::isOfName);
        if (!isHost || !rest.matches("(:[0-9]*)?")) {
            return null;
        }
        return new Authority(host, rest.isEmpty() ? "" : rest.substring(1));
    }

    private static boolean isAddressInBrackets(String host) {
        return host.length() > 2 && NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1));
    }

    private static boolean isOfName(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || NAME_MARKS.indexOf(c) >= 0;
    }

    /** An address in numbers, which no name of a stranger's can stand for. */
    boolean isAddress() {
        return host.startsWith("[") || NetUtil.isValidIpV4Address(host);
    }

    /** The origin of pages that are served under it. */
    String origin(boolean withTls) {
        boolean isUsual = port.isEmpty() || port.equals(withTls ? HTTPS_PORT : HTTP_PORT);
        return (withTls ? "https://" : "http://") + host + (isUsual ? "" : ":" + port);
    }
}
