package dev.sluice.listener.http2;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What RFC 9113 demands of a request's head and Netty does not look at; and what HTTP/1.1's decoder refuses here too: a
 * target with anything but visible ASCII or with a fragment, two hosts, two content types.
 */
final class StreamHead {

    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Pattern TARGET = Pattern.compile("/[\\x21\\x22\\x24-\\x7E]*|\\*");

    private StreamHead() {}

    /** Why the request is none, or null. */
    static @Nullable String faultOf(Http2Headers head) {
        if (!isOne(head, PseudoHeaderName.METHOD.value(), METHOD)
                || !isOne(head, PseudoHeaderName.PATH.value(), TARGET)) {
            return "no method or no path";
        }
        if (head.getAll(PseudoHeaderName.SCHEME.value()).size() != 1) {
            return "no scheme";
        }
        if (isMany(head, PseudoHeaderName.AUTHORITY.value()) || isMany(head, HttpHeaderNames.HOST) || namesTwo(head)) {
            return "two hosts";
        }
        if (isMany(head, HttpHeaderNames.CONTENT_TYPE)) {
            return "two content types";
        }
        return hasControls(head) ? "control characters" : null;
    }

    private static boolean isOne(Http2Headers head, CharSequence name, Pattern form) {
        CharSequence value = head.get(name);
        return value != null && !isMany(head, name) && form.matcher(value).matches();
    }

    private static boolean isMany(Http2Headers head, CharSequence name) {
        return head.getAll(name).size() > 1;
    }

    private static boolean namesTwo(Http2Headers head) {
        CharSequence host = head.get(HttpHeaderNames.HOST);
        CharSequence authority = head.authority();
        return host != null && authority != null && !host.toString().equalsIgnoreCase(authority.toString());
    }

    private static boolean hasControls(Http2Headers head) {
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            CharSequence value = field.getValue();
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if ((c < ' ' && c != '\t') || c == 0x7F) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Its size by the count of RFC 9113. */
    static long bytes(Http2Headers head) {
        long bytes = 0;
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            bytes += field.getKey().length() + field.getValue().length() + 32L;
        }
        return bytes;
    }
}
