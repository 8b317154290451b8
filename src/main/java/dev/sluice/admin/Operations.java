package dev.sluice.admin;

import dev.sluice.admin.LiveInstances.Group;
import dev.sluice.admin.LiveInstances.Instance;
import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import dev.sluice.config.Setting;
import dev.sluice.listener.BodyReader;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.GeneralRequest;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Faults.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/config} and {@code /admin/verticles}: what the node runs with, and how many instances. Bodies have at
 * most {@value #BODY_BYTES_MAX} bytes and come whole within {@value #BODY_DEADLINE_MS} ms.
 */
final class Operations {

    static final int BODY_BYTES_MAX = 1_024;

    /** From a request's head to the end of its body. */
    static final long BODY_DEADLINE_MS = 5_000;

    private static final double PER_MILLE = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private final List<Setting> settings;
    private final LiveInstances instances;
    private final Metrics metrics;
    /** Bodies are small and connections few: they take no part of what clients of the order API may take. */
    private final MemoryBudget bodies = new MemoryBudget(
            Part.INCOMING.budgetFor(BodyReader.memoryBytes(BODY_BYTES_MAX)) * AdminVerticle.CONNECTIONS_MAX);

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
        AdminAnswer.json(ctx, body);
    }

    void verticles(RoutingContext ctx) {
        ctx.vertx()
                .executeBlocking(this::state, false)
                .onSuccess(body -> AdminAnswer.json(ctx, body))
                .onFailure(ctx::fail);
    }

    /** Looks at every thread of the process: not on the event loop, which answers probes. */
    private JsonObject state() {
        JsonObject body = new JsonObject();
        instances.running().forEach((kind, group) -> body.put(kind.label(), json(group)));
        JsonArray others = new JsonArray();
        instances
                .others()
                .forEach(other -> others.add(
                        new JsonObject().put("verticle", other.name()).put("eventLoop", other.eventLoop())));
        JsonArray loops = new JsonArray();
        metrics.eventLoopBusyRatios()
                .forEach((thread, ratio) -> loops.add(new JsonObject()
                        .put("eventLoop", thread)
                        .put("busyRatio", Math.round(ratio * PER_MILLE) / PER_MILLE)));
        return body.put("others", others).put("eventLoops", loops);
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
        ClientRequest request = new GeneralRequest(ctx.request());
        request.proceedIfExpected();
        new ResizeBody(ctx, bodies.claim(Part.INCOMING)).read(request);
    }

    /** The body of one resize. One that is late is answered 408, and its connection ends. */
    private final class ResizeBody extends BodyReader {

        private final RoutingContext ctx;
        private final long deadline;

        ResizeBody(RoutingContext ctx, MemoryBudget.Claim claim) {
            super(BODY_BYTES_MAX, claim);
            this.ctx = ctx;
            this.deadline = ctx.vertx().setTimer(BODY_DEADLINE_MS, late -> late());
            ctx.addEndHandler(ended -> {
                ctx.vertx().cancelTimer(deadline);
                run();
                claim.release();
            });
        }

        @Override
        protected void whole(Buffer body) {
            ctx.vertx().cancelTimer(deadline);
            resize(ctx, body);
        }

        @Override
        protected void tooLarge() {
            String detail = "the body may have " + BODY_BYTES_MAX + " bytes";
            AdminAnswer.problem(ctx, ProblemType.BODY_TOO_LARGE, detail);
        }

        @Override
        protected void noRoom() {
            AdminAnswer.problem(ctx, ProblemType.NOT_CHANGED, "too many bodies are coming in");
        }

        @Override
        protected void malformed() {
            AdminAnswer.problem(ctx, Problem.badRequest("the body is not well-formed HTTP/1.1"));
            close();
        }

        private void late() {
            run();
            AdminAnswer.problem(ctx, ProblemType.REQUEST_TIMEOUT, "the body did not come whole in time");
            close();
        }

        private void close() {
            ctx.request().connection().close().onFailure(e -> LOG.debug("could not close", e));
        }
    }

    private void resize(RoutingContext ctx, Buffer body) {
        ResizeRequest request = ResizeRequest.parse(body.getBytes(), instances::allowed);
        List<Fault> faults = new ArrayList<>(request.faults());
        instances.objection(request.wanted()).ifPresent(objection -> faults.add(new Fault("", objection)));
        if (faults.isEmpty()) {
            AdminGate.changes(ctx, "to " + request.wanted());
            instances
                    .resize(request.wanted())
                    .onSuccess(done -> verticles(ctx))
                    .onFailure(error -> notChanged(ctx, error));
        } else {
            String detail = "send instances by kind, such as {\"http\":4,\"writer\":2}";
            AdminAnswer.problem(ctx, new Problem(ProblemType.INVALID_INSTANCES, detail, faults, null));
        }
    }

    private static void notChanged(RoutingContext ctx, Throwable error) {
        if (error instanceof LiveInstances.Busy) {
            AdminAnswer.problem(ctx, ProblemType.CHANGE_IN_PROGRESS, String.valueOf(error.getMessage()));
        } else {
            LOG.warn("instances could not be changed", error);
            AdminAnswer.problem(
                    ctx, ProblemType.NOT_CHANGED, "what could not be changed is as before: " + error.getMessage());
        }
    }
}
