package dev.sluice.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * How nodes hear each other: each announces itself to all, and answers at an address of its own. Lives on the event loop
 * that opened it.
 */
public final class MemberChannel {

    private static final String ALL = "sluice.members";
    private static final long REACH_MS = 1_000;

    private final Vertx vertx;
    private final EventBus bus;
    private final String node;
    private final Consumer<MemberNotice> heard;
    private MessageConsumer<MemberNotice> listening;
    private Endpoint reached;

    private MemberChannel(
            Vertx vertx,
            String node,
            Consumer<MemberNotice> heard,
            MessageConsumer<MemberNotice> listening,
            Endpoint reached) {
        this.vertx = vertx;
        this.bus = vertx.eventBus();
        this.node = node;
        this.heard = heard;
        this.listening = listening;
        this.reached = reached;
    }

    /**
     * Begins to hear others, and to answer them.
     *
     * @param node id of this node
     * @param heard gets each announcement, this node's too
     */
    public static Future<MemberChannel> open(Vertx vertx, String node, Consumer<MemberNotice> heard) {
        MessageConsumer<MemberNotice> listening = listen(vertx, heard);
        return listening
                .completion()
                .compose(registered -> answer(vertx, node))
                .map(reached -> new MemberChannel(vertx, node, heard, listening, reached));
    }

    private static MessageConsumer<MemberNotice> listen(Vertx vertx, Consumer<MemberNotice> heard) {
        return vertx.eventBus().consumer(ALL, message -> heard.accept(message.body()));
    }

    private static Future<Endpoint> answer(Vertx vertx, String node) {
        return Endpoint.<Reach, Reached>open(vertx, Endpoint.ofMember(node), asked -> reach(vertx, asked.address()));
    }

    /** Tells all nodes, this one included. */
    public void announce(MemberNotice notice) {
        bus.publish(ALL, notice);
    }

    /** Whether that member reaches the address; fails where the member itself does not answer. */
    public Future<Reached> reachThrough(String member, String address) {
        DeliveryOptions patient = new DeliveryOptions().setSendTimeout(2 * REACH_MS);
        return bus.<Reached>request(Endpoint.ofMember(member), new Reach(address), patient)
                .map(reply -> reply.body());
    }

    private static Future<Reached> reach(Vertx vertx, String address) {
        Reached reached = new Reached(true, "");
        if (address.isEmpty()) {
            return Future.succeededFuture(reached);
        }
        return vertx.eventBus()
                .<Reached>request(address, new Reach(""), new DeliveryOptions().setSendTimeout(REACH_MS))
                .map(reached)
                .otherwise(error -> new Reached(false, String.valueOf(error.getMessage())));
    }

    /** Subscribes again, and only then gives up the old subscriptions: for one that the cluster has lost. */
    public Future<Void> renew() {
        MessageConsumer<MemberNotice> oldListening = listening;
        Endpoint oldReached = reached;
        listening = listen(vertx, heard);
        return listening
                .completion()
                .compose(registered -> answer(vertx, node))
                .onSuccess(renewed -> reached = renewed)
                .compose(renewed -> Future.join(oldListening.unregister(), oldReached.close()))
                .mapEmpty();
    }

    /** Hears and answers no more. */
    public Future<Void> close() {
        return Future.join(listening.unregister(), reached.close()).mapEmpty();
    }
}
