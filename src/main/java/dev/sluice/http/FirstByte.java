package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Closes a connection whose first byte begins no request: a TLS hello, another protocol, noise. Without it the
 * decoder would wait for the end of a line that never comes. Leaves the pipeline with the first byte.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end
final class FirstByte extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable() || beginsRequest(bytes)) {
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(message);
        } else {
            bytes.release();
            ctx.close();
        }
    }

    /** A method is letters; empty lines before it are forgiven. */
    private static boolean beginsRequest(ByteBuf bytes) {
        int first = bytes.getByte(bytes.readerIndex());
        return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '\r' || first == '\n';
    }
}
