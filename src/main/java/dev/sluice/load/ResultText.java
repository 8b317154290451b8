package dev.sluice.load;

import dev.sluice.load.LoadResult.Client;
import dev.sluice.load.LoadResult.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A result as a person reads it: one aligned table. */
public final class ResultText {

    private ResultText() {}

    /** Its lines. */
    public static List<String> lines(LoadResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(heading(result));
        if (result.interrupted()) {
            lines.add(format(
                    "INTERRUPTED: of %.0f s that were asked for",
                    result.settings().duration().toNanos() / 1e9));
        }
        if (result.invalid() != null) {
            lines.add("INVALID: " + result.invalid());
        }
        orders(lines, result);
        latencies(lines, result);
        lines.add("  client: " + client(result));
        return lines;
    }

    private static String heading(LoadResult result) {
        LoadSettings settings = result.settings();
        String model = settings.isOpen()
                ? format("open model, %,.0f orders/s", settings.ordersPerSecond())
                : "closed model, as fast as answers come";
        String batches = settings.batch() == 1 ? "" : format(", batches of %,d", settings.batch());
        return format(
                "%s: %s%s, %,d connections, %.1f s after a warm-up of %.1f s that is not counted",
                settings.target(),
                model,
                batches,
                settings.connections(),
                result.seconds(),
                settings.warmup().toNanos() / 1e9);
    }

    private static void orders(List<String> lines, LoadResult result) {
        Counts counts = result.counts();
        lines.add(format("  %-14s %14s %14s", "orders", "count", "per second"));
        row(lines, result, "offered", counts.offered());
        row(lines, result, "acknowledged", counts.acknowledged());
        row(lines, result, "committed", counts.committed());
        row(lines, result, "queued", counts.queued());
        row(lines, result, "refused", counts.refused());
        row(lines, result, "errors", counts.errors());
        if (result.settings().replayShare() > 0) {
            row(lines, result, "replayed", counts.replayed());
        }
        if (result.settings().isOpen()) {
            row(lines, result, "late sends", counts.late());
            row(lines, result, "skipped", counts.skipped());
        }
        String others = result.answers().entrySet().stream()
                .filter(answer -> !answer.getKey().equals("201"))
                .map(answer -> format("%s × %,d", answer.getKey(), answer.getValue()))
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            lines.add("  answers other than 201: " + others);
        }
    }

    private static void row(List<String> lines, LoadResult result, String name, long count) {
        double perSecond = result.seconds() > 0 ? count / result.seconds() : 0;
        lines.add(format("  %-14s %,14d %,14.1f", name, count, perSecond));
    }

    private static void latencies(List<String> lines, LoadResult result) {
        StringBuilder names = new StringBuilder(format("  %-14s", "latency, ms"));
        StringBuilder values =
                new StringBuilder(format("  %-14s", result.settings().isOpen() ? "from schedule" : "from send"));
        result.latency().byName().forEach((name, ms) -> {
            names.append(format(" %9s", name));
            values.append(format(" %9.3f", ms));
        });
        lines.add(names.toString());
        lines.add(values.toString());
    }

    /** What the generator itself did. */
    static String client(LoadResult result) {
        Client client = result.client();
        return format(
                "%.1f µs of processor time per order, loop %.0f %% busy, compiler %.0f %%, schedule lag p99 %.2f ms,"
                        + " max %.1f ms",
                client.cpuMicrosPerOrder(),
                100 * client.loopBusy(),
                100 * client.compilerShare(),
                client.lagP99Ms(),
                client.lagMaxMs());
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
