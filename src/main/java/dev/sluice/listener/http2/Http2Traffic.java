package dev.sluice.listener.http2;

import dev.sluice.listener.request.ClientRequest;
import io.netty.channel.ChannelHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One connection that speaks HTTP/2, as its listener sees it: what comes, what is owed, what waits. On its event loop. */
public final class Http2Traffic {

    private final Http2Handler handler;
    private final Set<StreamRequest> streams = new LinkedHashSet<>();
    private final Map<ClientRequest, Runnable> unanswered = new HashMap<>();
    private long pendingBytes;

    Http2Traffic(Http2Streams limits, HttpConnection connection) {
        this.handler = Http2Handler.make(limits);
        handler.decoder()
                .frameListener(
                        new StreamFrames(limits, connection, ((ConnectionBase) connection).context(), handler, this));
    }

    /** What takes the place of HTTP/1.1's decoder. */
    public ChannelHandler handler() {
        return handler;
    }

    /** Whether something of a request came since the last call. */
    public boolean heard() {
        return handler.watch().heard();
    }

    /** The number of the frame or head that has not come whole, which no other one has; negative where there is none. */
    public long unfinished() {
        return handler.isOver() ? -1 : handler.watch().unfinished();
    }

    /** Bytes of it that wait. */
    public int unfinishedBytes() {
        return handler.watch().unfinishedBytes();
    }

    /** Ends the connection over a frame or head that does not come whole. */
    public void giveUpUnfinished() {
        handler.giveUp();
    }

    void opened(StreamRequest request) {
        streams.add(request);
    }

    void closed(StreamRequest request) {
        streams.remove(request);
        request.closed();
        Runnable gone = unanswered.remove(request);
        if (gone != null) {
            gone.run();
        }
    }

    void pendingChanged(long bytes) {
        pendingBytes += bytes;
    }

    boolean isUnanswered(StreamRequest request) {
        return unanswered.containsKey(request);
    }

    /**
     * A request begins, and is in progress until it ends.
     *
     * @param gone runs where its stream or the connection ends before the request does
     */
    public void began(ClientRequest request, Runnable gone) {
        unanswered.put(request, gone);
    }

    /** It has its answer, or its client is gone. */
    public void ended(ClientRequest request) {
        unanswered.remove(request);
    }

    /** The connection has ended, and so have the requests in progress. */
    public void gone() {
        List<Runnable> all = List.copyOf(unanswered.values());
        unanswered.clear();
        all.forEach(Runnable::run);
    }

    /** Whether a request is in progress, or something of an answer is not taken. */
    public boolean owes() {
        return !unanswered.isEmpty() || pendingBytes > 0;
    }

    /** Bytes of answers that wait for their client's window. */
    public long pendingBytes() {
        return pendingBytes;
    }

    /**
     * Resets each stream whose client has taken nothing of its answer since before that instant, and each whose answer
     * was taken by then though its body never ended. The number of the first.
     */
    public int resetStalled(long sinceNanos) {
        int stalled = 0;
        for (StreamRequest request : List.copyOf(streams)) {
            stalled += request.endIfStalled(sinceNanos) ? 1 : 0;
        }
        return stalled;
    }

    /** The client is to begin no stream more; one that is on its way is served. */
    public void announceEnd() {
        handler.goAway(Integer.MAX_VALUE);
    }

    /** The client is to begin no stream more; one that is on its way is refused, and its client may send it elsewhere. */
    public void refuseFurther() {
        handler.goAway(handler.connection().remote().lastStreamCreated());
    }
}
