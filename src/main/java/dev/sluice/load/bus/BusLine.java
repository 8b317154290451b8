package dev.sluice.load.bus;

import dev.sluice.bus.json.SubmitClient;
import dev.sluice.bus.json.SubmitReply;
import dev.sluice.load.run.AnswerReader;
import dev.sluice.load.run.Line;
import dev.sluice.load.run.LoadRun;
import dev.sluice.load.run.OrderDocuments;
import dev.sluice.load.run.Response;
import dev.sluice.load.run.Shipment;
import io.vertx.core.buffer.Buffer;
import java.net.ConnectException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Room for one message on its way. One without an answer ends the line, as it would end a connection; where no node
 * consumed the address, the line opens again after a while. Lives on the run's event loop.
 */
final class BusLine implements Line {

    private static final SubmitReply NONE = new SubmitReply(Buffer.buffer(), 0, "", 0);

    private final LoadRun run;
    private final SubmitClient client;
    private final OrderDocuments documents;
    private final Shipment shipment;
    private final boolean single;
    private @Nullable Buffer staged;
    private SubmitReply reply = NONE;
    private boolean open;
    private boolean waiting;
    private boolean pausing;

    /** Counts messages, so that the answer to one that was given up is known as such. */
    private long sent;

    /** @param batch orders a message; 1 is a single order, more are an array */
    BusLine(LoadRun run, SubmitClient client, OrderDocuments documents, int batch) {
        this.run = run;
        this.client = client;
        this.documents = documents;
        this.shipment = new Shipment(batch);
        this.single = batch == 1;
    }

    @Override
    public void open(Consumer<Throwable> onFailure) {
        if (pausing) {
            pausing = false;
            onFailure.accept(new ConnectException("no node consumes the address"));
        } else {
            open = true;
            run.opened(this);
        }
    }

    @Override
    public Shipment shipment() {
        return shipment;
    }

    @Override
    public boolean isFree() {
        return open && !waiting;
    }

    @Override
    public boolean isWaiting() {
        return waiting;
    }

    @Override
    public void stage() {
        staged = message();
        waiting = true;
    }

    private Buffer message() {
        if (single) {
            return Buffer.buffer(documents.document(shipment.kind(0), shipment.number(0)));
        }
        Buffer array = Buffer.buffer();
        for (int i = 0; i < shipment.size(); i++) {
            array.appendByte((byte) (i == 0 ? '[' : ','));
            array.appendBytes(documents.document(shipment.kind(i), shipment.number(i)));
        }
        return array.appendByte((byte) ']');
    }

    @Override
    public void flush() {
        Buffer leaving = staged;
        staged = null;
        if (leaving != null) {
            long number = ++sent;
            client.submit(leaving).onComplete(done -> heard(number, done.result()));
        }
    }

    private void heard(long number, SubmitReply heard) {
        if (!waiting || number != sent) {
            return;
        }
        if (heard.isUnanswered()) {
            pausing = heard.code().equals(SubmitReply.NO_HANDLERS);
            end(heard.code());
        } else {
            waiting = false;
            reply = heard;
            run.answered(this);
            run.free(this);
        }
    }

    private void end(String why) {
        open = false;
        waiting = false;
        staged = null;
        reply = NONE;
        run.closed(this, why);
    }

    @Override
    public void giveUp() {
        end("timeout");
    }

    @Override
    public void close() {
        if (waiting) {
            end("lost");
        }
        open = false;
    }

    @Override
    public int retryAfterSeconds() {
        return reply.retryAfterSeconds();
    }

    @Override
    public void tell(AnswerReader reader, AnswerReader.Sink sink) {
        if (reply.isRefusal()) {
            reader.all(reply.status(), reply.code(), shipment.size(), sink);
        } else {
            reader.results(new Results(reply.json().getBytes()), shipment.size(), sink);
        }
    }

    /** Result objects, which say all there is to say. */
    private static final class Results implements Response {

        private final byte[] body;

        Results(byte[] body) {
            this.body = body;
        }

        @Override
        public int status() {
            return 0;
        }

        @Override
        public boolean isReplayed() {
            return false;
        }

        @Override
        public String orderId() {
            return "";
        }

        @Override
        public byte[] body() {
            return body;
        }

        @Override
        public int bodyBytes() {
            return body.length;
        }
    }
}
