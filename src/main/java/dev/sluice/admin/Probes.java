package dev.sluice.admin;

import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /healthz} and {@code /readyz}: what an orchestrator asks.
 *
 * @param loops which of them still answer
 * @param readiness whether this node should get orders
 */
record Probes(LoopPulse loops, Readiness readiness) {

    void health(RoutingContext ctx) {
        JsonArray pulses = new JsonArray();
        boolean healthy = true;
        for (LoopPulse.Pulse pulse : loops.pulses()) {
            healthy &= !pulse.isBlocked();
            pulses.add(new JsonObject().put("loop", pulse.name()).put("waitingMs", pulse.waitingMs()));
        }
        JsonObject body = new JsonObject().put("healthy", healthy).put("loops", pulses);
        if (healthy) {
            AdminAnswer.json(ctx, body);
        } else {
            String detail = "an event loop has been blocked for more than " + LoopPulse.BLOCKED_MS + " ms";
            AdminAnswer.problem(ctx, Problem.of(ProblemType.EVENT_LOOP_BLOCKED, detail), body);
        }
    }

    void ready(RoutingContext ctx) {
        JsonArray checks = new JsonArray();
        boolean ready = true;
        for (Readiness.Check check : readiness.checks()) {
            ready &= check.ok();
            checks.add(new JsonObject()
                    .put("name", check.name())
                    .put("ok", check.ok())
                    .put("detail", check.detail()));
        }
        JsonObject body = new JsonObject().put("ready", ready).put("checks", checks);
        if (ready) {
            AdminAnswer.json(ctx, body);
        } else {
            AdminAnswer.problem(ctx, Problem.of(ProblemType.NOT_READY, "a check does not hold"), body);
        }
    }
}
