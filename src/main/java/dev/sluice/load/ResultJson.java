package dev.sluice.load;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A result as a program reads it; {@link ResultFile} is one. Times in milliseconds unless a name says otherwise. */
public final class ResultJson {

    private ResultJson() {}

    /**
     * Writes the members of a result into an object.
     *
     * @param missed thresholds, a line each
     */
    public static void members(JsonGenerator json, LoadResult result, List<String> missed) throws IOException {
        json.writeStringField("tag", result.tag());
        json.writeStringField("startedAt", result.startedAt().toString());
        json.writeBooleanField("valid", result.invalid() == null);
        if (result.invalid() != null) {
            json.writeStringField("invalid", result.invalid());
        }
        settings(json, result.settings());
        number(json, "seconds", result.seconds());
        number(json, "perSecond", result.perSecond());
        counts(json, result.counts());
        latency(json, result.latency());
        json.writeObjectFieldStart("answers");
        for (Map.Entry<String, Long> answer : result.answers().entrySet()) {
            json.writeNumberField(answer.getKey(), answer.getValue());
        }
        json.writeEndObject();
        client(json, result.client());
        json.writeArrayFieldStart("missed");
        for (String line : missed) {
            json.writeString(line);
        }
        json.writeEndArray();
        curve(json, result.curve());
        timeline(json, result.timeline());
    }

    private static void settings(JsonGenerator json, LoadSettings settings) throws IOException {
        json.writeObjectFieldStart("settings");
        json.writeStringField("target", settings.target());
        json.writeStringField("model", settings.model());
        number(json, "ordersPerSecond", settings.ordersPerSecond());
        json.writeNumberField("connections", settings.connections());
        json.writeNumberField("batch", settings.batch());
        number(json, "warmupSeconds", settings.warmup().toNanos() / 1e9);
        number(json, "replayShare", settings.replayShare());
        number(json, "invalidShare", settings.invalidShare());
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, Counts counts) throws IOException {
        json.writeObjectFieldStart("counts");
        json.writeNumberField("offered", counts.offered());
        json.writeNumberField("acknowledged", counts.acknowledged());
        json.writeNumberField("committed", counts.committed());
        json.writeNumberField("queued", counts.queued());
        json.writeNumberField("refused", counts.refused());
        json.writeNumberField("errors", counts.errors());
        json.writeNumberField("replayed", counts.replayed());
        json.writeNumberField("late", counts.late());
        json.writeNumberField("skipped", counts.skipped());
        json.writeEndObject();
    }

    private static void latency(JsonGenerator json, LatencyMs ms) throws IOException {
        json.writeObjectFieldStart("latencyMs");
        number(json, "mean", ms.mean());
        number(json, "p50", ms.p50());
        number(json, "p90", ms.p90());
        number(json, "p99", ms.p99());
        number(json, "p99.9", ms.p999());
        number(json, "max", ms.max());
        json.writeEndObject();
    }

    private static void client(JsonGenerator json, Client client) throws IOException {
        json.writeObjectFieldStart("client");
        number(json, "cpuMicrosPerOrder", client.cpuMicrosPerOrder());
        number(json, "loopBusy", client.loopBusy());
        number(json, "scheduleLagP99Ms", client.lagP99Ms());
        number(json, "scheduleLagMaxMs", client.lagMaxMs());
        number(json, "behindShare", client.behindShare());
        json.writeEndObject();
    }

    /** Arrays, as objects would repeat the names a hundred times. */
    private static void curve(JsonGenerator json, List<LatencyMs.Point> curve) throws IOException {
        json.writeArrayFieldStart("curve");
        for (LatencyMs.Point point : curve) {
            row(json, point.percentile(), point.ms());
        }
        json.writeEndArray();
    }

    private static void timeline(JsonGenerator json, List<Interval> timeline) throws IOException {
        json.writeStringField("timelineColumns", "atSeconds,perSecond,refused,errors,p50,p99,max");
        json.writeArrayFieldStart("timeline");
        for (Interval i : timeline) {
            row(
                    json,
                    i.atSeconds(),
                    i.perSecond(),
                    (double) i.refused(),
                    (double) i.errors(),
                    i.p50Ms(),
                    i.p99Ms(),
                    i.maxMs());
        }
        json.writeEndArray();
    }

    private static void row(JsonGenerator json, double... values) throws IOException {
        json.writeStartArray();
        for (double value : values) {
            json.writeNumber(shortest(value));
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(shortest(value));
    }

    /** At most four decimals. */
    private static String shortest(double value) {
        double rounded = Math.round(value * 1e4) / 1e4;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }
}
