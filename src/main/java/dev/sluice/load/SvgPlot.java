package dev.sluice.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A line plot as an SVG element: axes from round number to round number, a grid, a legend, the values on hover. Colours
 * are CSS classes of the page, so that they follow its light or dark scheme.
 */
final class SvgPlot {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 260;
    private static final int LEFT = 62;
    private static final int RIGHT = 14;
    private static final int TOP = 30;
    private static final int BOTTOM = 34;
    private static final int HOVERS_MAX = 200;

    private final String title;
    private final String unit;
    private final List<Series> series = new ArrayList<>();
    private double xMax = 1;
    private double yMax;

    /** One line. */
    private record Series(String name, List<double[]> points) {}

    /** @param unit of the y axis */
    SvgPlot(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** Adds a line; each point is x, y. */
    SvgPlot line(String name, List<double[]> points) {
        series.add(new Series(name, points));
        for (double[] point : points) {
            xMax = Math.max(xMax, point[0]);
            yMax = Math.max(yMax, point[1]);
        }
        return this;
    }

    /** The element, with a label for each of the given places on the x axis. */
    String svg(List<Double> xTicks, DoubleFunction<String> xLabel) {
        double step = roundStep(yMax);
        double top = Math.max(step, Math.ceil(yMax / step) * step);
        StringBuilder svg = new StringBuilder();
        add(svg, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n", WIDTH, HEIGHT, title);
        text(svg, LEFT, 16, "start", "title", title + ", " + unit);
        for (double y = 0; y <= top + step / 2; y += step) {
            grid(svg, LEFT, y(y, top), WIDTH - RIGHT, y(y, top));
            text(svg, LEFT - 6, y(y, top) + 4, "end", "tick", number(y));
        }
        for (double x : xTicks) {
            grid(svg, x(x), TOP, x(x), HEIGHT - BOTTOM);
            text(svg, x(x), HEIGHT - BOTTOM + 16, "middle", "tick", xLabel.apply(x));
        }
        for (int i = 0; i < series.size(); i++) {
            draw(svg, i, top, xLabel);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, int i, double top, DoubleFunction<String> xLabel) {
        Series line = series.get(i);
        svg.append("<polyline class=\"s").append(i).append("\" points=\"");
        line.points().forEach(p -> add(svg, "%.1f,%.1f ", x(p[0]), y(p[1], top)));
        svg.append("\"/>\n");
        if (line.points().size() <= HOVERS_MAX) {
            String circle =
                    "<circle class=\"s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"><title>%s: %s %s at %s</title></circle>%n";
            line.points()
                    .forEach(p -> add(
                            svg,
                            circle,
                            i,
                            x(p[0]),
                            y(p[1], top),
                            line.name(),
                            number(p[1]),
                            unit,
                            xLabel.apply(p[0])));
        }
        text(svg, WIDTH - RIGHT - 90 * (series.size() - 1 - i), 16, "end", "legend s" + i, line.name());
    }

    private static void grid(StringBuilder svg, double x1, double y1, double x2, double y2) {
        add(svg, "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n", x1, y1, x2, y2);
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String type, String text) {
        String element = "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n";
        add(svg, element, type, x, y, anchor, text);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private double x(double value) {
        return LEFT + value / xMax * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
    }

    /** About five steps of 1, 2 or 5 times a power of ten. */
    static double roundStep(double max) {
        double rough = Math.max(max, 1e-3) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double mantissa = rough / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }

    /** Short, with a thin space between thousands. */
    static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value).replace(',', '\u2009');
        }
        return String.format(Locale.ROOT, value >= 1 ? "%.1f" : "%.3f", value);
    }
}
