package dev.sluice.tune;

import dev.sluice.load.HtmlReport;
import dev.sluice.load.Plot;
import dev.sluice.tune.search.Candidate;
import dev.sluice.tune.search.Knee;
import dev.sluice.tune.search.Knob;
import dev.sluice.tune.search.KnobCurve;
import dev.sluice.tune.search.Measurement;
import dev.sluice.tune.search.Tried;
import dev.sluice.tune.search.TuneResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A search as one HTML file that needs nothing else, in the manner of a load run's. */
public final class TuneReport {

    private static final int TICKS_MAX = 8;

    private final TuneResult result;
    private final StringBuilder body = new StringBuilder();

    private TuneReport(TuneResult result) {
        this.result = result;
    }

    /**
     * The file's text.
     *
     * @param facts what a reader must know to repeat the search, by name
     */
    public static String of(TuneResult result, Map<String, String> facts) {
        TuneReport report = new TuneReport(result);
        report.verdict();
        report.setting();
        report.knobs();
        report.curve();
        report.loops();
        report.settings();
        report.rejected();
        report.facts(facts);
        return HtmlReport.page(
                "Sluice tuning, " + HtmlReport.escaped(result.slo().text()), report.body.toString());
    }

    private void verdict() {
        String mark = result.chosen() == null ? "bad" : "good";
        TuneText.verdict(result).forEach(line -> paragraph(mark, line));
    }

    private void paragraph(String style, String text) {
        body.append("<p class=\"")
                .append(style)
                .append("\">")
                .append(HtmlReport.escaped(text))
                .append("</p>\n");
    }

    private void setting() {
        table("knob", "key", "before", "default", "chosen");
        Candidate chosen = result.chosen() == null ? null : result.chosen().candidate();
        for (Knob knob : Knob.values()) {
            row(
                    knob.label(),
                    knob.key(),
                    result.start().written(knob),
                    result.defaults().written(knob),
                    chosen == null ? "–" : chosen.written(knob));
        }
        body.append("</table>\n");
    }

    private void knobs() {
        heading(
                "What each knob does",
                "the other knobs stand as in the line above each plot; one area is what lies"
                        + " between the lowest and the highest measurement");
        for (Knob knob : Knob.values()) {
            knob(KnobCurve.of(knob, result.tried()));
        }
    }

    private void knob(KnobCurve curve) {
        List<Tried> points = curve.points();
        if (points.size() < 2) {
            paragraph("", curve.knob().label() + ": one value was measured, so there is no curve");
            return;
        }
        List<double[]> medians = new ArrayList<>();
        List<double[]> spread = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Tried point = points.get(i);
            medians.add(new double[] {i, point.median()});
            spread.add(new double[] {i, point.highest(), point.lowest()});
        }
        double top = points.stream().mapToDouble(Tried::highest).max().orElse(1);
        Plot plot = new Plot(
                        curve.knob().label(),
                        "orders/s within " + escapedSlo() + " by "
                                + curve.knob().key(),
                        points.size() - 1.0)
                .scale(Plot.Scale.linear(top))
                .area("spread", spread)
                .line("median", medians);
        List<Double> ticks =
                IntStream.range(0, points.size()).mapToObj(i -> (double) i).toList();
        paragraph("", others(curve));
        body.append(plot.html(ticks, at -> valueOf(points.get((int) at), curve.knob())));
    }

    private static String valueOf(Tried tried, Knob knob) {
        return tried.candidate().written(knob)
                + (tried.rates().size() > 1 ? " (" + tried.rates().size() + "×)" : "");
    }

    private static String others(KnobCurve curve) {
        Candidate one = curve.points().get(0).candidate(); // in the others they all agree
        return curve.others().keySet().stream()
                .sorted()
                .map(knob -> knob.key() + "=" + one.written(knob))
                .collect(Collectors.joining(" "));
    }

    private String escapedSlo() {
        return HtmlReport.escaped(result.slo().text());
    }

    private void curve() {
        List<Knee.Point> points = result.chosen() == null ? List.of() : Knee.points(result.chosen());
        if (points.size() < 2) {
            return;
        }
        heading("Throughput and latency", "the chosen setting at every rate that was not ended early");
        double end = points.get(points.size() - 1).rate();
        double low = least(points.stream().map(Knee.Point::latencyMs).toList());
        double high = Math.max(
                result.slo().boundMs(),
                points.stream().mapToDouble(Knee.Point::latencyMs).max().orElse(1));
        Plot plot = new Plot("Latency by rate", "ms, logarithmic, by orders/s offered", end)
                .scale(Plot.Scale.logarithmic(Math.min(low, result.slo().boundMs()), high))
                .line(
                        "latency",
                        points.stream()
                                .map(point -> new double[] {point.rate(), Math.max(low, point.latencyMs())})
                                .toList())
                .line("slo", List.of(new double[] {0, result.slo().boundMs()}, new double[] {
                    end, result.slo().boundMs()
                }));
        Optional<Knee.Point> knee = Knee.of(points);
        knee.ifPresent(point -> plot.line(
                "knee", List.of(new double[] {point.rate(), low}, new double[] {point.rate(), point.latencyMs()})));
        body.append(plot.html(ticks(end), Plot::number));
        paragraph(
                "",
                knee.map(point -> format(
                                "Knee: %,d orders/s at %.1f ms; above it a little more throughput costs much latency.",
                                point.rate(), point.latencyMs()))
                        .orElse("No knee: the latency does not rise with the rate."));
    }

    private static double least(List<Double> values) {
        return values.stream().filter(value -> value > 0).min(Double::compare).orElse(1.0);
    }

    private static List<Double> ticks(double end) {
        double step = Math.pow(10, Math.floor(Math.log10(end)));
        while (end / step > TICKS_MAX) {
            step *= 2;
        }
        double each = step;
        return Stream.iterate(0.0, at -> at <= end, at -> at + each).toList();
    }

    /** At the highest rate that met the SLO. */
    private void loops() {
        Optional<Tried.Run> run = result.chosen() == null
                ? Optional.empty()
                : result.chosen().runs().stream()
                        .filter(one ->
                                one.measurement().mark(result.slo(), one.trial().rate()) == Measurement.Mark.MET)
                        .max(Comparator.comparingLong(one -> one.trial().rate()));
        run.ifPresent(one -> {
            heading(
                    "Event loops",
                    format(
                            "CPU time over wall time of each, with the chosen setting at %,d orders/s",
                            one.trial().rate()));
            table("thread", "busy");
            one.measurement().busy().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(loop -> row(loop.getKey(), format("%.0f %%", 100 * loop.getValue())));
            body.append("</table>\n");
        });
    }

    private void settings() {
        heading(
                "Every setting that was measured",
                format("rates that differ by less than %.0f %% are held to be the same", 100 * result.margin()));
        table("setting", "orders/s", "lowest", "highest", "times", "why not");
        result.tried().stream()
                .sorted(Comparator.comparingDouble(Tried::median).reversed())
                .forEach(one -> row(
                        one.candidate().toString(),
                        format("%,.0f", one.median()),
                        format("%,d", one.lowest()),
                        format("%,d", one.highest()),
                        Integer.toString(one.rates().size()),
                        one.equals(result.chosen()) ? "chosen" : result.whyNot(one)));
        body.append("</table>\n");
    }

    private void rejected() {
        heading("Rejected trials", "every run that did not meet the SLO");
        table("setting", "orders/s", "phase", "why");
        for (Tried one : result.tried()) {
            for (Tried.Run run : one.runs()) {
                String why = run.measurement().why(result.slo(), run.trial().rate());
                if (!why.isEmpty()) {
                    row(
                            one.candidate().toString(),
                            format("%,d", run.trial().rate()),
                            run.trial().phase().text(),
                            why);
                }
            }
        }
        body.append("</table>\n");
    }

    private void facts(Map<String, String> facts) {
        heading("The search", "");
        body.append("<dl>\n");
        facts.forEach((name, text) -> body.append("<dt>")
                .append(HtmlReport.escaped(name))
                .append("</dt><dd>")
                .append(HtmlReport.escaped(text))
                .append("</dd>\n"));
        body.append("</dl>\n");
    }

    private void heading(String title, String below) {
        body.append("<h2>").append(title).append("</h2>\n");
        if (!below.isEmpty()) {
            paragraph("", below);
        }
    }

    private void table(String... columns) {
        body.append("<table><thead><tr>");
        Stream.of(columns).forEach(column -> body.append("<th>").append(column).append("</th>"));
        body.append("</tr></thead>\n");
    }

    private void row(String... cells) {
        body.append("<tr>");
        Stream.of(cells)
                .forEach(cell ->
                        body.append("<td>").append(HtmlReport.escaped(cell)).append("</td>"));
        body.append("</tr>\n");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
