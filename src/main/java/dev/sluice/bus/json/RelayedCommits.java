package dev.sluice.bus.json;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;

/** A message of commits on the event bus of an extension: each consumer gets an object of its own. */
record RelayedCommits(Buffer json) {

    /** On that bus alone, which reaches no other process. */
    static final class Codec implements MessageCodec<RelayedCommits, JsonObject> {

        @Override
        public void encodeToWire(Buffer buffer, RelayedCommits commits) {
            throw new UnsupportedOperationException("published to one extension alone");
        }

        @Override
        public JsonObject decodeFromWire(int at, Buffer buffer) {
            throw new UnsupportedOperationException("published to one extension alone");
        }

        @Override
        public JsonObject transform(RelayedCommits commits) {
            return new JsonObject(commits.json());
        }

        @Override
        public String name() {
            return "sluice.relayed";
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
