package dev.sluice.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How nodes hear each other: each announces itself to all, and answers at an address of its own. Lives on the event loop
 * that opened it.
 */
public final class MemberChannel {

    private static final Logger LOG = LoggerFactory.getLogger(MemberChannel.class);

    private static final String ALL = "sluice.members";
    private static final long REACH_MS = 1_000;

    private final EventBus bus;

    private MemberChannel(EventBus bus) {
        this.bus = bus;
    }

    /**
     * Begins to hear others, and to answer them.
     *
     * @param node id of this node
     * @param heard gets each announcement, this node's too
     */
    public static Future<MemberChannel> open(Vertx vertx, String node, Consumer<MemberNotice> heard) {
        EventBus bus = vertx.eventBus();
        return bus.<Object>consumer(ALL, message -> read(message, heard))
                .completion()
                .compose(listening -> Endpoint.<Reach, Reached>open(
                        vertx, Endpoint.ofMember(node), asked -> reach(bus, asked.address())))
                .map(answering -> new MemberChannel(bus));
    }

    /** Only what is no notice of any release cannot be read: they all begin alike. */
    private static void read(Message<Object> message, Consumer<MemberNotice> heard) {
        if (message.body() instanceof MemberNotice notice) {
            heard.accept(notice);
        } else {
            LOG.debug("cluster: an announcement cannot be read: {}", message.body());
        }
    }

    /** Tells all nodes, this one included. */
    public void announce(MemberNotice notice) {
        bus.publish(ALL, notice);
    }

    /** Whether that member reaches another one; fails where the member itself does not answer. */
    public Future<Reached> reachThrough(String member, String other) {
        DeliveryOptions patient = new DeliveryOptions().setSendTimeout(2 * REACH_MS);
        return bus.<Reached>request(Endpoint.ofMember(member), new Reach(Endpoint.ofMember(other)), patient)
                .map(reply -> reply.body());
    }

    private static Future<Reached> reach(EventBus bus, String address) {
        Reached reached = new Reached(true, "");
        if (address.isEmpty()) {
            return Future.succeededFuture(reached);
        }
        return bus.<Reached>request(address, new Reach(""), new DeliveryOptions().setSendTimeout(REACH_MS))
                .map(reached)
                .otherwise(error -> new Reached(false, String.valueOf(error.getMessage())));
    }
}
