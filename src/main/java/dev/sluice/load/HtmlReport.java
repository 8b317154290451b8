package dev.sluice.load;

import dev.sluice.load.Threshold.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A result as one HTML file that needs nothing else: no script, no font, no other file. Readable on a phone and on a
 * screen, in light and dark.
 */
public final class HtmlReport {

    private static final String OPEN = "open model: each request at its own time, whatever the server does; latency"
            + " counts from the time it was meant to leave";
    private static final String CLOSED = "closed model: each connection sends when it has its answer; latency counts"
            + " from the send and flatters a server that stalls";

    private HtmlReport() {}

    /**
     * The file's text.
     *
     * @param judged every expectation
     * @param facts what else a reader must know to repeat the run, by name
     */
    public static String of(LoadResult result, List<Judgement> judged, Map<String, String> facts) {
        StringBuilder body = new StringBuilder();
        verdict(body, result, judged);
        tables(body, result);
        body.append(new ReportPlots(result).html());
        facts(body, result, facts);
        return page("Sluice load run " + result.tag(), body.toString());
    }

    /**
     * A whole page with a heading.
     *
     * @param title escaped already
     * @param body what stands below the heading
     */
    public static String page(String title, String body) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<title>" + title + "</title>\n<style>\n" + style() + "</style>\n</head>\n<body>\n"
                + "<h1>" + title + "</h1>\n" + body + "</body>\n</html>\n";
    }

    private static String style() {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(css, "in the jar").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a reader must not overlook. */
    private static void verdict(StringBuilder page, LoadResult result, List<Judgement> judged) {
        if (result.interrupted()) {
            bad(
                    page,
                    format(
                            "Interrupted: %s of %s were measured.",
                            seconds(result.seconds()),
                            seconds(result.settings().duration().toNanos() / 1e9)));
        }
        if (result.invalid() != null) {
            bad(page, "Invalid run: " + result.invalid());
        }
        if (!judged.isEmpty()) {
            page.append("<ul class=\"expectations\">\n");
            judged.forEach(one -> page.append(one.met() ? "<li class=\"good\">✓ met: " : "<li class=\"bad\">✗ missed: ")
                    .append(escaped(one.line()))
                    .append("</li>\n"));
            page.append("</ul>\n");
        }
    }

    private static void bad(StringBuilder page, String text) {
        page.append("<p class=\"bad\">").append(escaped(text)).append("</p>\n");
    }

    private static void tables(StringBuilder page, LoadResult result) {
        page.append(
                "<div class=\"tables\">\n<table><thead><tr><th>orders</th><th>count</th><th>a second</th></tr></thead>\n");
        double seconds = result.seconds();
        result.counts()
                .byName()
                .forEach((name, count) ->
                        row(page, name, format("%,d", count), format("%,.1f", seconds > 0 ? count / seconds : 0)));
        page.append("</table>\n<table><thead><tr><th>latency</th><th>ms</th></tr></thead>\n");
        result.latency().byName().forEach((name, ms) -> row(page, name, format("%,.3f", ms)));
        page.append("</table>\n<table><thead><tr><th>answer</th><th>orders</th></tr></thead>\n");
        result.answers().forEach((answer, count) -> row(page, answer, format("%,d", count)));
        page.append("</table>\n</div>\n");
    }

    private static void row(StringBuilder page, String... cells) {
        page.append("<tr>");
        Stream.of(cells)
                .forEach(cell -> page.append("<td>").append(escaped(cell)).append("</td>"));
        page.append("</tr>\n");
    }

    private static void facts(StringBuilder page, LoadResult result, Map<String, String> facts) {
        LoadSettings settings = result.settings();
        page.append("<h2>The run</h2>\n<dl>\n");
        fact(
                page,
                "began",
                result.startedAt().truncatedTo(ChronoUnit.SECONDS) + ", after a warm-up of "
                        + seconds(settings.warmup().toNanos() / 1e9) + " that is not counted");
        fact(page, "measured", seconds(result.seconds()));
        fact(
                page,
                "model",
                settings.isOpen() ? format("%,.0f orders/s, %s", settings.ordersPerSecond(), OPEN) : CLOSED);
        fact(
                page,
                "target",
                format(
                        "%s, %,d connections, orders a request: %,d",
                        settings.target(), settings.connections(), settings.batch()));
        fact(page, "client", ResultText.client(result));
        facts.forEach((name, text) -> fact(page, name, text));
        page.append("</dl>\n");
    }

    private static void fact(StringBuilder page, String name, String text) {
        page.append("<dt>")
                .append(escaped(name))
                .append("</dt><dd>")
                .append(escaped(text))
                .append("</dd>\n");
    }

    /** {@code 12.5 s}. */
    static String seconds(double seconds) {
        return Plot.number(Math.round(seconds * 10) / 10.0) + " s";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** As text and in attributes. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
