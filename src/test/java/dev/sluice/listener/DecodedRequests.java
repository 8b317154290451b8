package dev.sluice.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.listener.request.PlainOrders;
import dev.sluice.listener.request.PlainRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One connection without a server behind it: what requests are read from its bytes, and on which way. */
final class DecodedRequests {

    private static final HttpServerOptions OPTIONS =
            new HttpServerOptions().setMaxHeaderSize(8192).setMaxInitialLineLength(4096);

    /** Each request as text, in the order in which it came. */
    final List<String> read = new ArrayList<>();

    int plain;

    private final EmbeddedChannel channel;
    private final @Nullable PlainWay plainWay;
    private boolean inProgress;

    private DecodedRequests(boolean withPlainWay) {
        RequestDecoder decoder = new RequestDecoder(OPTIONS);
        General general = new General();
        channel = new EmbeddedChannel(decoder, general);
        plainWay = withPlainWay
                ? new PlainWay(null, decoder, () -> !general.isOpen, new PlainOrders(8192, this::plain))
                : null;
        if (plainWay != null) {
            channel.pipeline().addFirst(plainWay);
        }
    }

    static DecodedRequests onBothWays() {
        return new DecodedRequests(true);
    }

    static DecodedRequests onTheGeneralWay() {
        return new DecodedRequests(false);
    }

    /** In one read. */
    DecodedRequests send(String bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
        }
        return this;
    }

    /** The client sends no more. */
    DecodedRequests endInput() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        return this;
    }

    /** The plain order in progress has its answer. */
    boolean answer() {
        boolean answered = inProgress;
        if (answered) {
            inProgress = false;
            plainWay.answered();
        }
        return answered;
    }

    /** Answers until nothing is in progress. */
    List<String> all() {
        while (answer()) {
            // each answer may let the next order in
        }
        return List.copyOf(read);
    }

    void closePlainWay() {
        plainWay.close();
    }

    boolean reads() {
        return channel.config().isAutoRead();
    }

    boolean isAwaited() {
        return plainWay.isAwaited();
    }

    void end() {
        channel.finishAndReleaseAll();
    }

    private void plain(PlainRequest order) {
        plain++;
        inProgress = true;
        Map<String, String> headers = new TreeMap<>();
        order.headers().forEach((name, value) -> {
            headers.put(name.toLowerCase(Locale.ROOT), value);
            if (!value.equals(order.getHeader(name.toUpperCase(Locale.ROOT)))) {
                throw new AssertionError(name + ": " + order.getHeader(name));
            }
        });
        StringBuilder body = new StringBuilder();
        order.read(piece -> body.append(piece.toString(ISO_8859_1)), () -> body.append('.'), error -> {});
        read.add(text(order.method() + " " + order.uri(), headers, body.toString()));
    }

    private static String text(String line, Map<String, String> headers, String body) {
        return line + " " + headers + "\n" + body;
    }

    /** Where Vert.x would be. */
    private final class General extends ChannelInboundHandlerAdapter {

        private final StringBuilder body = new StringBuilder();
        private String line = "";
        private Map<String, String> headers = Map.of();
        private boolean isOpen;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                isOpen = true;
                read.add("refused");
                return;
            }
            if (message instanceof HttpRequest head) {
                isOpen = true;
                line = head.method() + " " + head.uri();
                headers = new TreeMap<>();
                head.headers()
                        .forEach(header -> headers.merge(
                                header.getKey().toLowerCase(Locale.ROOT), header.getValue(), (a, b) -> a + "," + b));
                body.setLength(0);
            }
            if (message instanceof HttpContent content) {
                body.append(content.content().toString(ISO_8859_1));
                content.release();
            }
            if (message instanceof LastHttpContent) {
                isOpen = false;
                read.add(text(line, headers, body + "."));
            }
        }
    }
}
