package dev.sluice.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.Ports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a listening socket accepts while the loop of its connections is busy. */
@Tag("contract")
@Timeout(60)
class AcceptPaceTest {

    private static final int CLIENTS = 200;

    /** Accepted in one go after the bound was reached: what one read of the socket takes. */
    private static final int ONE_READ = 16;

    private final EventLoopGroup accepting = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup serving = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    @SuppressWarnings("FutureReturnValueIgnored") // the process outlives them
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        accepting.shutdownGracefully();
        serving.shutdownGracefully();
    }

    private Channel listen(int port) throws InterruptedException {
        return new ServerBootstrap()
                .group(accepting, serving)
                .channelFactory(() -> {
                    NioServerSocketChannel channel = new NioServerSocketChannel();
                    new ListeningSocket(channel);
                    return channel;
                })
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object child) {
                        accepted.incrementAndGet();
                        ctx.fireChannelRead(child);
                    }
                })
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        served.incrementAndGet();
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), port)
                .sync()
                .channel();
    }

    @Test
    void beyondWhatMayComeAtOnceEachWaitsForItsTurn() {
        AcceptPace pace = new AcceptPace(null);
        long now = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        for (int i = 0; i < AcceptPace.AT_ONCE_MAX; i++) {
            assertTrue(pace.pauseNanos(now) <= 0, "connection " + i);
        }
        assertEquals(AcceptPace.NANOS_EACH, pace.pauseNanos(now));
        assertEquals(2 * AcceptPace.NANOS_EACH, pace.pauseNanos(now));
        assertEquals(AcceptPace.NANOS_EACH, pace.pauseNanos(now + 2 * AcceptPace.NANOS_EACH), "time gives turns back");
        long later = now + TimeUnit.HOURS.toNanos(1);
        assertTrue(pace.pauseNanos(later) <= 0, "a quiet hour gives all back");
        for (int i = 1; i < AcceptPace.AT_ONCE_MAX; i++) {
            pace.pauseNanos(later);
        }
        assertEquals(AcceptPace.NANOS_EACH, pace.pauseNanos(later), "and no more than all");
    }

    @Test
    void aLoopThatIsBusyHasFewConnectionsWaitingAndAllAreServedInTheEnd() throws Exception {
        int port = Ports.free();
        listen(port);
        CountDownLatch busy = new CountDownLatch(1);
        serving.execute(() -> Await.state("the clients are there", () -> busy.getCount() == 0));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        Await.until("the bound", () -> accepted.get() >= AcceptPace.AHEAD_MAX);
        Await.pause("a socket without a bound accepts all of them", 200);
        assertTrue(accepted.get() <= AcceptPace.AHEAD_MAX + ONE_READ, () -> accepted + " were accepted");
        assertEquals(0, served.get());
        busy.countDown();
        Await.until("each is served", () -> served.get() == CLIENTS);
    }
}
