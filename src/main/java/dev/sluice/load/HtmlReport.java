package dev.sluice.load;

import dev.sluice.load.LoadResult.Interval;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A result as one HTML file that needs nothing else: no script, no font, no other file. Readable in light and dark.
 */
public final class HtmlReport {

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sluice load run TAG</title>
            <style>
            :root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --soft: #5d6878; --rule: #dfe4ea;
                    --a: #1f6fd6; --b: #d9730d; --c: #b3261e; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6e9ef; --paper: #14171c; --soft: #97a1b0; --rule: #303743;
                      --a: #6aa9ff; --b: #ffad5c; --c: #ff8a80; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
                   max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
            pre { overflow-x: auto; font: 13px/1.45 ui-monospace, monospace; border: 1px solid var(--rule);
                  border-radius: 6px; padding: .8rem 1rem; }
            .bad { color: var(--c); font-weight: 600; }
            svg { width: 100%; height: auto; margin: .6rem 0; }
            svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
            svg text.title { fill: var(--ink); font-weight: 600; }
            svg .grid { stroke: var(--rule); stroke-width: 1; }
            svg polyline { fill: none; stroke-width: 1.6; }
            polyline.s0 { stroke: var(--a); } circle.s0, text.s0 { fill: var(--a) !important; }
            polyline.s1 { stroke: var(--b); } circle.s1, text.s1 { fill: var(--b) !important; }
            polyline.s2 { stroke: var(--c); } circle.s2, text.s2 { fill: var(--c) !important; }
            circle { opacity: 0; } circle:hover { opacity: 1; }
            </style>
            </head>
            <body>
            <h1>Load run TAG</h1>
            """;

    private static final String OPEN = "each request at its own time, whatever the server does; latency counts from"
            + " the time it was meant to leave.";
    private static final String CLOSED = "each connection sends when it has its answer; latency counts from the send"
            + " and flatters a server that stalls.";

    private HtmlReport() {}

    /** The file's text. */
    public static String of(LoadResult result, List<String> missed) {
        StringBuilder page = new StringBuilder(HEAD.replace("TAG", result.tag()));
        page.append("<p>")
                .append(result.startedAt())
                .append(", ")
                .append(result.settings().model());
        page.append(" model: ")
                .append(result.settings().isOpen() ? OPEN : CLOSED)
                .append("</p>\n");
        if (result.invalid() != null) {
            bad(page, "Invalid run: " + result.invalid());
        }
        missed.forEach(line -> bad(page, "Missed: " + line));
        page.append("<pre>");
        page.append(escaped(String.join("\n", ResultText.lines(result)))).append("</pre>\n");
        page.append(throughput(result)).append(latency(result)).append(curve(result));
        return page.append("</body>\n</html>\n").toString();
    }

    private static void bad(StringBuilder page, String text) {
        page.append("<p class=\"bad\">").append(escaped(text)).append("</p>\n");
    }

    private static String throughput(LoadResult result) {
        return new SvgPlot("Acknowledged", "orders a second")
                .line("acknowledged", over(result, Interval::perSecond))
                .svg(ticks(result), HtmlReport::seconds);
    }

    private static String latency(LoadResult result) {
        return new SvgPlot("Latency over time", "ms")
                .line("p50", over(result, Interval::p50Ms))
                .line("p99", over(result, Interval::p99Ms))
                .line("max", over(result, Interval::maxMs))
                .svg(ticks(result), HtmlReport::seconds);
    }

    /** Each nine takes the same room: x is the number of nines. */
    private static String curve(LoadResult result) {
        List<double[]> points = result.curve().stream()
                .map(point -> new double[] {nines(point.percentile()), point.ms()})
                .toList();
        double last = points.isEmpty() ? 1 : points.get(points.size() - 1)[0];
        List<Double> ticks = Stream.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 99.999)
                .map(HtmlReport::nines)
                .filter(x -> x <= Math.max(1, last) + 0.05)
                .toList();
        return new SvgPlot("Latency by percentile", "ms")
                .line("latency", points)
                .svg(ticks, HtmlReport::percentile);
    }

    private static double nines(double percentile) {
        return -Math.log10(1 - percentile / 100);
    }

    private static String percentile(double nines) {
        double percentile = 100 - 100 * Math.pow(10, -nines);
        String text = String.format(Locale.ROOT, "%.3f", percentile);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "") + " %";
    }

    private static List<double[]> over(LoadResult result, ToDoubleFunction<Interval> value) {
        return result.timeline().stream()
                .map(interval -> new double[] {interval.atSeconds(), value.applyAsDouble(interval)})
                .collect(Collectors.toList());
    }

    private static List<Double> ticks(LoadResult result) {
        double last = result.timeline().isEmpty()
                ? 1
                : result.timeline().get(result.timeline().size() - 1).atSeconds();
        double step = Math.max(1, SvgPlot.roundStep(last));
        return Stream.iterate(0.0, x -> x <= Math.max(1, last), x -> x + step).toList();
    }

    private static String seconds(double at) {
        return SvgPlot.number(at) + " s";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
