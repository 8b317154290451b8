package dev.sluice.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The cluster as one node sees it, for operators. Any thread may ask. */
public interface ClusterMembers {

    /** A node that is no member. */
    ClusterMembers OFF = List::of;

    /**
     * One member.
     *
     * @param node its id for this run
     * @param name where its operators find it
     * @param release of Sluice
     * @param wireVersion the newest form of messages that it reads
     * @param self whether it is the node that is asked
     * @param state {@code ok}, {@code silent} or {@code leaving}
     * @param heardMs how long ago it was heard
     * @param http instances of the order API
     * @param writers addresses at which it takes orders
     * @param full those of them that have no room now
     */
    record Member(
            String node,
            String name,
            String release,
            int wireVersion,
            boolean self,
            String state,
            long heardMs,
            int http,
            List<String> writers,
            List<String> full) {

        JsonObject json() {
            JsonArray roles = new JsonArray();
            if (http > 0) {
                roles.add("http");
            }
            if (!writers.isEmpty()) {
                roles.add("writer");
            }
            return new JsonObject()
                    .put("node", node)
                    .put("name", name)
                    .put("self", self)
                    .put("state", state)
                    .put("heardMs", heardMs)
                    .put("release", release)
                    .put("wireVersion", wireVersion)
                    .put("roles", roles)
                    .put("instances", new JsonObject().put("http", http).put("writer", writers.size()))
                    .put("subscriptions", new JsonArray(writers))
                    .put("full", new JsonArray(full));
        }
    }

    /** All that were heard, by name; empty where the node is no member, or has not joined yet. */
    List<Member> members();

    /** Answers {@code GET /admin/cluster}. */
    default void answer(RoutingContext ctx) {
        AdminAnswer.json(ctx, json());
    }

    /** The answer. */
    default JsonObject json() {
        JsonArray members = new JsonArray();
        members().forEach(member -> members.add(member.json()));
        return new JsonObject().put("enabled", this != OFF).put("members", members);
    }
}
