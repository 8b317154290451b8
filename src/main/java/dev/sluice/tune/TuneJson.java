package dev.sluice.tune;

import dev.sluice.tune.search.Candidate;
import dev.sluice.tune.search.Knee;
import dev.sluice.tune.search.Knob;
import dev.sluice.tune.search.Tried;
import dev.sluice.tune.search.TuneResult;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A search as a program reads it. Rates in orders a second, latencies in milliseconds. */
public final class TuneJson {

    private TuneJson() {}

    /** The result as one object. */
    public static JsonObject of(TuneResult result, Map<String, String> facts) {
        JsonObject json = new JsonObject()
                .put("slo", result.slo().text())
                .put("end", result.end().name().toLowerCase(Locale.ROOT))
                .put("margin", rounded(result.margin()))
                .put("before", setting(result.start()))
                .put("defaults", setting(result.defaults()));
        result.of(result.start()).ifPresent(start -> json.put("beforePerSecond", start.median()));
        result.of(result.defaults()).ifPresent(defaults -> json.put("defaultsPerSecond", defaults.median()));
        Tried chosen = result.chosen();
        if (chosen != null) {
            json.put("chosen", setting(chosen.candidate())).put("perSecond", chosen.median());
            List<Knee.Point> points = Knee.points(chosen);
            json.put("curve", curve(points));
            Knee.of(points).ifPresent(knee -> json.put("knee", point(knee)));
        }
        JsonArray tried = new JsonArray();
        result.tried().forEach(one -> tried.add(tried(result, one)));
        JsonObject known = new JsonObject();
        facts.forEach(known::put);
        return json.put("verdict", TuneText.verdict(result)).put("tried", tried).put("facts", known);
    }

    private static JsonObject setting(Candidate candidate) {
        JsonObject json = new JsonObject();
        candidate
                .values()
                .forEach((knob, value) ->
                        json.put(knob.key(), knob == Knob.EVENT_LOOPS ? candidate.written(knob) : (Object) value));
        return json;
    }

    private static JsonArray curve(List<Knee.Point> points) {
        JsonArray curve = new JsonArray();
        points.forEach(point -> curve.add(point(point)));
        return curve;
    }

    private static JsonObject point(Knee.Point point) {
        return new JsonObject().put("rate", point.rate()).put("latencyMs", rounded(point.latencyMs()));
    }

    private static JsonObject tried(TuneResult result, Tried one) {
        JsonArray trials = new JsonArray();
        one.runs()
                .forEach(run -> trials.add(new JsonObject()
                        .put("phase", run.trial().phase().name().toLowerCase(Locale.ROOT))
                        .put("rate", run.trial().rate())
                        .put("perSecond", rounded(run.measurement().perSecond()))
                        .put("latencyMs", rounded(run.measurement().latencyMs()))
                        .put("lost", run.measurement().lost())
                        .put(
                                "missed",
                                run.measurement().why(result.slo(), run.trial().rate()))));
        return new JsonObject()
                .put("setting", setting(one.candidate()))
                .put("rates", one.rates())
                .put("whyNot", result.whyNot(one))
                .put("trials", trials);
    }

    private static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
