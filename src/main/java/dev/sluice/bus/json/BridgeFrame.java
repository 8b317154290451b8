package dev.sluice.bus.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One message of the TCP event-bus bridge: four bytes of length, big-endian, and a JSON object. The body stays the bytes
 * that came, so that the order's parser reads its numbers and not what a general parser made of them, and judges its faults.
 *
 * @param body a JSON object or array; null where there is none
 */
record BridgeFrame(
        String type,
        String address,
        @Nullable String replyAddress,
        @Nullable Buffer body) {

    static final int LENGTH_BYTES = 4;

    private static final int MEMBERS_MAX = 32;

    /** The parser keeps some thousand names for the next frames. */
    private static final int NAME_CHARACTERS_MAX = 64;

    private static final int TEXT_CHARACTERS_MAX = 256;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(NAME_CHARACTERS_MAX)
                    .build())
            .build();

    /** Reads one; fails where the bytes are no such object, with a cause for people. */
    static BridgeFrame read(byte[] json) throws IOException {
        FrameOutline outline = FrameOutline.of(json);
        try (JsonParser parser = JSON.createParser(outline.text())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("a frame must be a JSON object");
            }
            return new Reader(parser, outline).read();
        }
    }

    /** The members of one frame as they come; headers and what is not known are skipped. */
    private static final class Reader {

        private final JsonParser parser;
        private final FrameOutline outline;
        private String type = "";
        private String address = "";
        private @Nullable String replyAddress;
        private @Nullable Buffer body;

        Reader(JsonParser parser, FrameOutline outline) {
            this.parser = parser;
            this.outline = outline;
        }

        BridgeFrame read() throws IOException {
            for (int members = 0; parser.nextToken() == JsonToken.FIELD_NAME; members++) {
                if (members == MEMBERS_MAX) {
                    throw new IOException("a frame has at most " + MEMBERS_MAX + " members");
                }
                member(parser.currentName(), parser.nextToken());
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw new IOException("a frame must be one JSON object");
            }
            return new BridgeFrame(type, address, replyAddress, body);
        }

        private void member(String name, JsonToken value) throws IOException {
            switch (name) {
                case "type" -> type = text();
                case "address" -> address = text();
                case "replyAddress" -> replyAddress = value == JsonToken.VALUE_NULL ? null : text();
                case "body" -> body = structure(value);
                default -> {}
            }
        }

        private String text() throws IOException {
            String text = parser.getValueAsString("");
            if (text.length() > TEXT_CHARACTERS_MAX) {
                throw new IOException("a name in a frame has at most " + TEXT_CHARACTERS_MAX + " characters");
            }
            return text;
        }

        /** The value whose number stands in brackets. */
        private @Nullable Buffer structure(JsonToken value) throws IOException {
            if (value != JsonToken.START_ARRAY) {
                return null;
            }
            Buffer structure = Buffer.buffer(outline.structure(parser.nextIntValue(-1)));
            parser.nextToken();
            return structure;
        }
    }

    /** The frame that answers a request, or brings what was published. */
    static Buffer message(String address, JsonObject headers, Buffer body) {
        Buffer head = Buffer.buffer("{\"type\":\"message\",\"address\":" + Json.encode(address) + ",\"headers\":"
                + headers.encode() + ",\"body\":");
        return framed(head.appendBuffer(body).appendByte((byte) '}'));
    }

    /**
     * The frame that says why there is no answer; the codes are those of the event bus.
     *
     * @param retryAfterSeconds when to send it again; 0 where that would not help, and then it is not said
     */
    static Buffer error(
            @Nullable String replyAddress, int failureCode, String failureType, String message, int retryAfterSeconds) {
        JsonObject error = new JsonObject()
                .put("type", "err")
                .put("failureCode", failureCode)
                .put("failureType", failureType)
                .put("message", message);
        if (replyAddress != null) {
            error.put("address", replyAddress);
        }
        if (retryAfterSeconds > 0) {
            error.put("retryAfterSeconds", retryAfterSeconds);
        }
        return framed(error.toBuffer());
    }

    static Buffer pong() {
        return framed(new JsonObject().put("type", "pong").toBuffer());
    }

    private static Buffer framed(Buffer json) {
        return Buffer.buffer(LENGTH_BYTES + json.length())
                .appendInt(json.length())
                .appendBuffer(json);
    }
}
