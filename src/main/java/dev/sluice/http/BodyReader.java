package dev.sluice.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Collects the body of one request up to a limit; a body that came in one piece is not copied. */
final class BodyReader implements Handler<Buffer> {

    /** Who waits for the body; exactly one of the two is called, once. */
    interface Receiver {
        void body(Buffer body);

        /** The limit is passed; the rest of the body is dropped as it comes. */
        void tooLarge();
    }

    private static final Buffer EMPTY = Buffer.buffer(0);

    private final int bytesMax;
    private final Receiver receiver;
    private @Nullable Buffer body;
    private boolean owned;
    private boolean refused;

    private BodyReader(int bytesMax, Receiver receiver) {
        this.bytesMax = bytesMax;
        this.receiver = receiver;
    }

    static void read(HttpServerRequest request, int bytesMax, Receiver receiver) {
        BodyReader reader = new BodyReader(bytesMax, receiver);
        request.handler(reader).endHandler(ended -> reader.end());
    }

    @Override
    public void handle(Buffer chunk) {
        if (refused) {
            return;
        }
        int length = body == null ? 0 : body.length();
        if (length + chunk.length() > bytesMax) {
            refused = true;
            body = null;
            receiver.tooLarge();
        } else if (body == null) {
            body = chunk;
        } else {
            body = (owned ? body : body.copy()).appendBuffer(chunk);
            owned = true;
        }
    }

    private void end() {
        if (!refused) {
            receiver.body(body == null ? EMPTY : body);
        }
    }
}
