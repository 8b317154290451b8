package dev.sluice.admin;

import dev.sluice.admin.LiveInstances.Group;
import dev.sluice.admin.LiveInstances.Instance;
import dev.sluice.admin.LiveInstances.Kind;
import dev.sluice.config.Setting;
import dev.sluice.metrics.Metrics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /admin/config} and {@code /admin/verticles}: what the node runs with, and how many instances. */
final class Operations {

    private static final double PER_MILLE = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private final List<Setting> settings;
    private final LiveInstances instances;
    private final Metrics metrics;

    Operations(List<Setting> settings, LiveInstances instances, Metrics metrics) {
        this.settings = List.copyOf(settings);
        this.instances = instances;
        this.metrics = metrics;
    }

    /** The same document as {@code sluice config show --json --origin}. */
    void config(RoutingContext ctx) {
        JsonObject body = new JsonObject();
        for (Setting setting : settings) {
            body.put(
                    setting.key().name(),
                    new JsonObject()
                            .put("value", setting.shown())
                            .put("origin", setting.origin().place()));
        }
        Answers.json(ctx, body);
    }

    void verticles(RoutingContext ctx) {
        ctx.vertx()
                .executeBlocking(this::state, false)
                .onSuccess(body -> Answers.json(ctx, body))
                .onFailure(ctx::fail);
    }

    /** Looks at every thread of the process: not on the event loop, which answers probes. */
    private JsonObject state() {
        JsonObject body = new JsonObject();
        instances.running().forEach((kind, group) -> body.put(kind.label(), json(group)));
        JsonArray loops = new JsonArray();
        metrics.eventLoopBusyRatios()
                .forEach((thread, ratio) -> loops.add(new JsonObject()
                        .put("eventLoop", thread)
                        .put("busyRatio", Math.round(ratio * PER_MILLE) / PER_MILLE)));
        return body.put("eventLoops", loops);
    }

    private static JsonObject json(Group group) {
        JsonArray running = new JsonArray();
        group.running().forEach(instance -> running.add(json(instance)));
        return new JsonObject()
                .put("configured", group.configured())
                .put("configuredCount", group.configuredCount())
                .put("runningCount", running.size())
                .put("running", running);
    }

    private static JsonObject json(Instance instance) {
        JsonObject json = new JsonObject().put("instance", instance.name()).put("eventLoop", instance.eventLoop());
        return instance.connections() == null ? json : json.put("connections", instance.connections());
    }

    void resize(RoutingContext ctx) {
        SmallBody.read(ctx, body -> resize(ctx, body));
    }

    private void resize(RoutingContext ctx, Buffer body) {
        ResizeRequest request = ResizeRequest.parse(body.getBytes(), this::max);
        if (request.faults().isEmpty()) {
            instances
                    .resize(request.wanted())
                    .onSuccess(done -> verticles(ctx))
                    .onFailure(error -> notChanged(ctx, error));
        } else {
            JsonArray errors = new JsonArray();
            request.faults().forEach(fault -> errors.add(fault.json()));
            String detail = "send instances by kind, such as {\"http\":4,\"writer\":2}";
            Answers.problem(ctx, 400, "invalid_instances", detail, new JsonObject().put("errors", errors));
        }
    }

    private int max(Kind kind) {
        return instances.max(kind);
    }

    private static void notChanged(RoutingContext ctx, Throwable error) {
        if (error instanceof LiveInstances.Busy) {
            Answers.problem(ctx, 409, "change_in_progress", String.valueOf(error.getMessage()));
        } else {
            LOG.warn("instances could not be changed", error);
            Answers.problem(ctx, 503, "not_changed", "what could not be changed is as before: " + error.getMessage());
        }
    }
}
