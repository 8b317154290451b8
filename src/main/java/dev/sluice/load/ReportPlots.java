package dev.sluice.load;

import dev.sluice.load.LoadResult.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The plots of a report: orders by answer with a band for what was not committed, latency over time, latency by percentile. */
final class ReportPlots {

    private static final int BAND_HEIGHT = 10;
    private static final double FAINTEST = 0.35;

    private final LoadResult result;
    private final List<Interval> timeline;
    private final double end;

    ReportPlots(LoadResult result) {
        this.result = result;
        this.timeline = result.timeline();
        this.end = timeline.isEmpty() ? 1 : end(timeline.get(timeline.size() - 1));
    }

    private static double end(Interval interval) {
        return interval.atSeconds() + interval.seconds();
    }

    String html() {
        return answers() + latency() + curve();
    }

    private String answers() {
        Map<String, ToLongFunction<Interval>> kinds = kinds();
        double[] sums = new double[timeline.size()];
        Plot plot = new Plot("Orders by answer", "a second, on top of each other", end);
        kinds.forEach((name, count) -> plot.area(name, stacked(sums, count)));
        double top = 0;
        for (double sum : sums) {
            top = Math.max(top, sum);
        }
        kinds.remove("committed");
        return hovers(plot).scale(Plot.Scale.linear(top)).below(band(kinds)).html(ticks(), HtmlReport::seconds);
    }

    private static Map<String, ToLongFunction<Interval>> kinds() {
        Map<String, ToLongFunction<Interval>> kinds = new LinkedHashMap<>();
        kinds.put("committed", Interval::committed);
        kinds.put("queued", Interval::queued);
        kinds.put("refused", Interval::refused);
        kinds.put("errors", Interval::errors);
        return kinds;
    }

    /** Puts a kind on those below it, which the sums then include. */
    private List<double[]> stacked(double[] sums, ToLongFunction<Interval> count) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            Interval interval = timeline.get(i);
            double below = sums[i];
            sums[i] += count.applyAsLong(interval) / interval.seconds();
            points.add(new double[] {interval.atSeconds(), sums[i], below});
            points.add(new double[] {end(interval), sums[i], below});
        }
        return points;
    }

    /** A row for each kind: an interval in which there was one is marked, however few they were. */
    private String band(Map<String, ToLongFunction<Interval>> kinds) {
        StringBuilder html = new StringBuilder();
        kinds.forEach((name, count) -> html.append(format(
                "<div class=\"band %s\"><b>%s</b><svg viewBox=\"0 0 1000 %d\" preserveAspectRatio=\"none\">%s</svg></div>%n",
                name, name, BAND_HEIGHT, cells(name, count))));
        return html.toString();
    }

    private String cells(String name, ToLongFunction<Interval> count) {
        long most = timeline.stream().mapToLong(count).max().orElse(0);
        StringBuilder cells = new StringBuilder();
        for (Interval interval : timeline) {
            long orders = count.applyAsLong(interval);
            if (orders > 0) {
                cells.append(format(
                        "<rect class=\"cell\" x=\"%.1f\" width=\"%.1f\" height=\"%d\" opacity=\"%.2f\"><title>%s: %,d %s</title></rect>",
                        1_000 * interval.atSeconds() / end,
                        1_000 * interval.seconds() / end,
                        BAND_HEIGHT,
                        FAINTEST + (1 - FAINTEST) * orders / most,
                        HtmlReport.seconds(interval.atSeconds()),
                        orders,
                        name));
            }
        }
        return cells.toString();
    }

    private String latency() {
        double[] range = range(
                timeline.stream().flatMap(i -> Stream.of(i.p50Ms(), i.maxMs())).toList());
        Plot plot = new Plot("Latency over time", "ms, logarithmic", end)
                .scale(Plot.Scale.logarithmic(range[0], range[1]))
                .line("p50", steps(Interval::p50Ms))
                .line("p99", steps(Interval::p99Ms))
                .line("max", steps(Interval::maxMs));
        return hovers(plot).html(ticks(), HtmlReport::seconds);
    }

    /** The least above 0 and the most of them; some range where there is none. */
    private static double[] range(List<Double> values) {
        double least =
                values.stream().filter(value -> value > 0).min(Double::compare).orElse(1.0);
        return new double[] {
            least,
            values.stream().max(Double::compare).filter(most -> most > least).orElse(10 * least)
        };
    }

    /** Each interval as wide as it is, the last one too; nothing where nothing was acknowledged. */
    private List<double[]> steps(ToDoubleFunction<Interval> ms) {
        List<double[]> points = new ArrayList<>();
        for (Interval interval : timeline) {
            double value = ms.applyAsDouble(interval);
            double shown = value > 0 ? value : Double.NaN;
            points.add(new double[] {interval.atSeconds(), shown});
            points.add(new double[] {end(interval), shown});
        }
        return points;
    }

    private Plot hovers(Plot plot) {
        timeline.forEach(i -> plot.hover(
                i.atSeconds(),
                end(i),
                format(
                        "%s to %s: committed %,d, queued %,d, refused %,d, errors %,d; p50 %.2f, p99 %.2f, max %.2f ms",
                        HtmlReport.seconds(i.atSeconds()),
                        HtmlReport.seconds(end(i)),
                        i.committed(),
                        i.queued(),
                        i.refused(),
                        i.errors(),
                        i.p50Ms(),
                        i.p99Ms(),
                        i.maxMs())));
        return plot;
    }

    private List<Double> ticks() {
        double step = Math.max(1, Plot.roundStep(end));
        return Stream.iterate(0.0, x -> x <= end, x -> x + step).toList();
    }

    /** Each nine takes the same room: x is the number of nines. */
    private String curve() {
        List<double[]> points = result.curve().stream()
                .map(point -> new double[] {nines(point.percentile()), point.ms() > 0 ? point.ms() : Double.NaN})
                .toList();
        double last = points.isEmpty() ? 1 : Math.max(1, points.get(points.size() - 1)[0]);
        List<Double> ticks = Stream.of(50.0, 90.0, 99.0, 99.9, 99.99, 99.999)
                .map(ReportPlots::nines)
                .filter(x -> x <= last)
                .toList();
        double[] range = range(result.curve().stream().map(LatencyMs.Point::ms).toList());
        return new Plot("Latency by percentile", "ms, logarithmic", last)
                .scale(Plot.Scale.logarithmic(range[0], range[1]))
                .line("latency", points)
                .html(ticks, ReportPlots::percentile);
    }

    private static double nines(double percentile) {
        return -Math.log10(1 - percentile / 100);
    }

    private static String percentile(double nines) {
        double percentile = 100 - 100 * Math.pow(10, -nines);
        String text = format("%.3f", percentile);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "") + " %";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
