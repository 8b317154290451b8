package dev.sluice.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/** What was written to a connection and its client has not taken. On the connection's event loop. */
public final class Outbound {

    private final Channel channel;
    private @Nullable Object first;
    private long firstProgress;
    private long pendingBytes;
    private long stalledSinceNanos;

    /** For a connection on which nothing was written yet. */
    public Outbound(Channel channel, long nowNanos) {
        this.channel = channel;
        this.stalledSinceNanos = nowNanos;
    }

    /** Sees whether the client has taken anything since the last look; to be called often. */
    public void look(long nowNanos) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        pendingBytes = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        Object now = buffer == null || pendingBytes == 0 ? null : buffer.current();
        long progress = now == null ? 0 : buffer.currentProgress();
        if (now == null || now != first || progress != firstProgress) {
            first = now;
            firstProgress = progress;
            stalledSinceNanos = nowNanos;
        }
    }

    /** Whether something is not taken now. */
    public boolean isPending() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() > 0;
    }

    /** Bytes not taken, as of the last look. */
    public long pendingBytes() {
        return pendingBytes;
    }

    /** Since when nothing of them was taken. */
    public long stalledSinceNanos() {
        return stalledSinceNanos;
    }
}
