package dev.sluice.load;

import dev.sluice.load.LoadResult.Client;
import dev.sluice.load.LoadResult.Interval;
import dev.sluice.load.Threshold.Judgement;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** A result as a program reads it. Times in milliseconds unless a name says otherwise. */
public final class ResultJson {

    private ResultJson() {}

    /**
     * The result as one object.
     *
     * @param judged every expectation
     */
    public static JsonObject of(LoadResult result, List<Judgement> judged) {
        JsonObject json = new JsonObject()
                .put("tag", result.tag())
                .put("startedAt", result.startedAt().toString())
                .put("valid", result.invalid() == null)
                .put("interrupted", result.interrupted());
        if (result.invalid() != null) {
            json.put("invalid", result.invalid());
        }
        JsonArray curve = new JsonArray();
        result.curve().forEach(point -> curve.add(row(point.percentile(), point.ms())));
        return json.put("settings", settings(result.settings()))
                .put("seconds", shortest(result.seconds()))
                .put("perSecond", shortest(result.perSecond()))
                .put("counts", counts(result.counts().byName()))
                .put("latencyMs", latency(result.latency()))
                .put("answers", counts(result.answers()))
                .put("client", client(result.client()))
                .put("met", lines(judged, true))
                .put("missed", lines(judged, false))
                .put("curve", curve)
                .put("timelineColumns", "atSeconds,perSecond,refused,errors,p50,p99,max,seconds,committed,queued")
                .put("timeline", timeline(result.timeline()));
    }

    private static List<String> lines(List<Judgement> judged, boolean met) {
        return judged.stream()
                .filter(judgement -> judgement.met() == met)
                .map(Judgement::line)
                .toList();
    }

    private static JsonObject settings(LoadSettings settings) {
        return new JsonObject()
                .put("target", settings.target())
                .put("model", settings.model())
                .put("ordersPerSecond", shortest(settings.ordersPerSecond()))
                .put("connections", settings.connections())
                .put("batch", settings.batch())
                .put("warmupSeconds", shortest(settings.warmup().toNanos() / 1e9))
                .put("replayShare", shortest(settings.replayShare()))
                .put("invalidShare", shortest(settings.invalidShare()));
    }

    private static JsonObject counts(Map<String, Long> counts) {
        JsonObject json = new JsonObject();
        counts.forEach(json::put);
        return json;
    }

    private static JsonObject latency(LatencyMs ms) {
        JsonObject json = new JsonObject();
        ms.byName().forEach((name, value) -> json.put(name, shortest(value)));
        return json;
    }

    private static JsonObject client(Client client) {
        return new JsonObject()
                .put("cpuMicrosPerOrder", shortest(client.cpuMicrosPerOrder()))
                .put("loopBusy", shortest(client.loopBusy()))
                .put("compilerShare", shortest(client.compilerShare()))
                .put("scheduleLagP99Ms", shortest(client.lagP99Ms()))
                .put("scheduleLagMaxMs", shortest(client.lagMaxMs()))
                .put("behindShare", shortest(client.behindShare()));
    }

    /** Arrays, as objects would repeat the names a hundred times. */
    private static JsonArray timeline(List<Interval> timeline) {
        JsonArray rows = new JsonArray();
        for (Interval i : timeline) {
            rows.add(row(
                    i.atSeconds(),
                    i.perSecond(),
                    (double) i.refused(),
                    (double) i.errors(),
                    i.p50Ms(),
                    i.p99Ms(),
                    i.maxMs(),
                    i.seconds(),
                    (double) i.committed(),
                    (double) i.queued()));
        }
        return rows;
    }

    private static JsonArray row(double... values) {
        JsonArray row = new JsonArray();
        for (double value : values) {
            row.add(shortest(value));
        }
        return row;
    }

    /** At most four decimals. */
    private static Number shortest(double value) {
        double rounded = Math.round(value * 1e4) / 1e4;
        if (rounded == Math.rint(rounded)) {
            return (long) rounded;
        }
        return rounded;
    }
}
