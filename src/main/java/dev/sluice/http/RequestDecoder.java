package dev.sluice.http;

import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Vert.x's request decoder, which is strict about lines, lengths and transfer encodings, and beyond that refuses what
 * it lets pass: other versions than HTTP/1.0 and 1.1, request targets with anything but visible ASCII in them, and two
 * hosts.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {

    /** The client speaks a version that this listener does not. */
    static final class UnknownVersion extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnknownVersion() {
            super("unknown HTTP version");
        }
    }

    private static final AsciiString HOST = AsciiString.cached("host");

    private int hosts;

    RequestDecoder(HttpServerOptions options) {
        super(options);
    }

    /** Two hosts, and two readers may each believe another one. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("a header without a name");
        }
        AsciiString name = super.splitHeaderName(line, start, length);
        if (length == HOST.length() && HOST.contentEqualsIgnoreCase(name) && ++hosts > 1) {
            throw new IllegalArgumentException("two hosts");
        }
        return name;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        hosts = 0;
        String version = initialLine[2];
        if (!HttpVersion.HTTP_1_1.text().equals(version)
                && !HttpVersion.HTTP_1_0.text().equals(version)) {
            throw version.matches("HTTP/[0-9]{1,2}([.][0-9]{1,2})?")
                    ? new UnknownVersion()
                    : new IllegalArgumentException("no HTTP");
        }
        if (!isVisibleAscii(initialLine[1])) {
            throw new IllegalArgumentException("request target");
        }
        return super.createMessage(initialLine);
    }

    private static boolean isVisibleAscii(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                return false;
            }
        }
        return !target.isEmpty();
    }
}
