package dev.sluice.listener.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;

/**
 * What a request head may not be, beyond what Netty and Vert.x refuse: of another version than HTTP/1.0 and 1.1, with a
 * target of anything but visible ASCII or with a fragment, with more than one space between two words of its first line,
 * or with a line that begins with white space (the folded headers of old). What is refused is thrown as an {@link
 * IllegalArgumentException}.
 */
final class HeadSyntax {

    /** In no position of a head is it allowed, so the line that it is put into is refused. */
    private static final byte REFUSED = 0;

    private static final byte DELETE = 0x7F;

    /** The letter of a header name that Vert.x does not look at. */
    private static final int UNSEEN = 8;

    private HeadSyntax() {}

    /** Whether the first byte may begin a request: a method is letters, and empty lines before it are allowed. */
    static boolean beginsRequest(ByteBuf bytes) {
        int first = bytes.getByte(bytes.readerIndex());
        return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '\r' || first == '\n';
    }

    /**
     * Makes the decoder refuse a line that begins with white space: Netty joins it to the one before it, or takes it for
     * a request line. Complete lines are consumed at once, so each call begins where a line does.
     *
     * @param hasRequestLine whether that line of the head was decoded
     */
    static void refuseFoldedLine(ByteBuf buffer, boolean hasRequestLine) {
        boolean hasLine = hasRequestLine;
        int line = buffer.readerIndex();
        while (line < buffer.writerIndex()) {
            byte first = buffer.getByte(line);
            if (first == ' ' || first == '\t') {
                buffer.setByte(line, REFUSED);
                return;
            }
            if (!hasLine && isSkipped(first)) {
                line++;
                continue;
            }
            if (first == '\r' || first == '\n') {
                return;
            }
            hasLine = true;
            int lineFeed = buffer.indexOf(line, buffer.writerIndex(), (byte) '\n');
            if (lineFeed < 0) {
                return;
            }
            line = lineFeed + 1;
        }
    }

    /** Netty passes over it in front of a request line. */
    private static boolean isSkipped(byte first) {
        return (first >= 0 && first < ' ') || first == DELETE;
    }

    /**
     * Other white space between two words of the request line is a request that another reader reads otherwise.
     *
     * @param wordEnd behind the one word
     * @param start of the next
     */
    static void requireOneSpace(byte[] line, int wordEnd, int start) {
        if (start != wordEnd + 1 || line[wordEnd] != ' ') {
            throw new IllegalArgumentException("request line");
        }
    }

    static void requireVersion(String version) {
        if (!HttpVersion.HTTP_1_1.text().equals(version)
                && !HttpVersion.HTTP_1_0.text().equals(version)) {
            throw version.matches("HTTP/[0-9]{1,2}([.][0-9]{1,2})?")
                    ? new RequestDecoder.UnknownVersion()
                    : new IllegalArgumentException("no HTTP");
        }
    }

    static void requireTarget(String target) {
        if (!isTarget(target)) {
            throw new IllegalArgumentException("request target");
        }
    }

    /** Visible ASCII without a {@code #}: behind that one reader sees a fragment and another one more of the target. */
    private static boolean isTarget(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= DELETE || c == '#') {
                return false;
            }
        }
        return !target.isEmpty();
    }

    /**
     * Vert.x knows {@code Content-Length} and {@code Content-Type} without a look at their ninth letter: to it {@code
     * Content-Xength} is a length too, which to a proxy before it means nothing.
     *
     * @param known the name as Vert.x has it
     * @param line with the name that was sent
     */
    static AsciiString nameThatWasSent(AsciiString known, byte[] line, int start, int length) {
        boolean guessed = known.length() > UNSEEN
                && AsciiString.toLowerCase(known.charAt(UNSEEN))
                        != AsciiString.toLowerCase((char) (line[start + UNSEEN] & 0xFF));
        return guessed ? new AsciiString(line, start, length, true) : known;
    }
}
