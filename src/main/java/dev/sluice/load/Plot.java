package dev.sluice.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A plot as a figure of HTML: an SVG that takes the width there is, its labels as text beside it, so that they are as
 * large on a phone as on a screen, and a legend with swatches. Colours are CSS classes of the page, named as the
 * series, so that they follow its light or dark scheme.
 */
public final class Plot {

    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 300;
    private static final double EDGE = 0.04;

    private final String title;
    private final String unit;
    private final double xMax;
    private final List<Series> series = new ArrayList<>();
    private final StringBuilder hovers = new StringBuilder();
    private String below = "";
    private Scale scale = Scale.linear(0);

    /**
     * One line, or the area between two.
     *
     * @param points x, y, and for an area the y of its lower edge
     */
    private record Series(String name, boolean area, List<double[]> points) {}

    /**
     * What the y axis shows.
     *
     * @param from at the bottom
     * @param to at the top
     * @param ticks values with a label
     */
    public record Scale(double from, double to, boolean logarithmic, List<Double> ticks) {

        private static final int DECADES_WITH_STEPS = 2;

        /** From 0 to a round number. */
        public static Scale linear(double max) {
            double step = roundStep(max);
            double top = Math.max(step, Math.ceil(max / step - 1e-9) * step);
            List<Double> ticks = new ArrayList<>();
            for (int i = 0; i * step <= top + step / 2; i++) {
                ticks.add(i * step);
            }
            return new Scale(0, top, false, ticks);
        }

        /** From a power of ten to another; with steps of 1, 2 and 5 between where it shows few. */
        public static Scale logarithmic(double min, double max) {
            int low = (int) Math.floor(Math.log10(min));
            int high = Math.max(low + 1, (int) Math.ceil(Math.log10(max)));
            List<Double> ticks = new ArrayList<>();
            for (int power = low; power <= high; power++) {
                ticks.add(Math.pow(10, power));
                if (high - low <= DECADES_WITH_STEPS && power < high) {
                    ticks.add(2 * Math.pow(10, power));
                    ticks.add(5 * Math.pow(10, power));
                }
            }
            return new Scale(Math.pow(10, low), Math.pow(10, high), true, ticks);
        }

        /** 0 at the bottom, 1 at the top. */
        double at(double value) {
            return logarithmic
                    ? Math.log10(Math.max(value, from) / from) / Math.log10(to / from)
                    : (value - from) / (to - from);
        }
    }

    /** An empty one; x goes from 0 to the given end. */
    public Plot(String title, String unit, double xMax) {
        this.title = title;
        this.unit = unit;
        this.xMax = xMax;
    }

    /** Sets what the y axis shows. */
    public Plot scale(Scale shown) {
        scale = shown;
        return this;
    }

    /** Adds a line; each point is x, y, and one that is not a number breaks it. */
    public Plot line(String name, List<double[]> points) {
        series.add(new Series(name, false, points));
        return this;
    }

    /** Adds an area; each point is x, upper y, lower y. */
    public Plot area(String name, List<double[]> points) {
        series.add(new Series(name, true, points));
        return this;
    }

    /** Says what stands there, where a pointer rests between two x. */
    public Plot hover(double fromX, double toX, String text) {
        hovers.append(format(
                "<rect class=\"hover\" x=\"%.1f\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>%n",
                x(fromX), x(toX) - x(fromX), HEIGHT, text));
        return this;
    }

    /** What stands between the plot and the labels of its x axis, as wide as the plot. */
    public Plot below(String html) {
        below = html;
        return this;
    }

    /** The figure. */
    public String html(List<Double> xTicks, DoubleFunction<String> xLabel) {
        StringBuilder html = new StringBuilder();
        html.append("<figure><figcaption>")
                .append(title)
                .append(" <small>")
                .append(unit)
                .append("</small></figcaption>\n");
        html.append("<ul class=\"legend\">");
        series.forEach(
                one -> html.append(format("<li class=\"%s\"><i></i><span>%s</span></li>", one.name(), one.name())));
        html.append("</ul>\n<div class=\"frame\"><div class=\"labels y\">");
        scale.ticks()
                .forEach(tick -> html.append(
                        format("<span style=\"bottom:%.2f%%\">%s</span>", 100 * scale.at(tick), number(tick))));
        html.append("</div>\n").append(svg(xTicks)).append("</div>\n").append(below);
        html.append("<div class=\"labels x\">");
        xTicks.forEach(tick -> html.append(format(
                "<span class=\"%s\" style=\"left:%.2f%%\">%s</span>",
                edge(tick / xMax), 100 * tick / xMax, xLabel.apply(tick))));
        return html.append("</div></figure>\n").toString();
    }

    /** A label at the edge stays within it. */
    private static String edge(double share) {
        return share < EDGE ? "first" : share > 1 - EDGE ? "last" : "";
    }

    private String svg(List<Double> xTicks) {
        StringBuilder svg = new StringBuilder(format(
                "<svg class=\"plot\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH, HEIGHT, title));
        scale.ticks().forEach(tick -> grid(svg, 0, WIDTH, y(tick), y(tick)));
        xTicks.forEach(tick -> grid(svg, x(tick), x(tick), 0, HEIGHT));
        series.forEach(one -> svg.append(format(
                "<path class=\"%s %s\" d=\"%s\"/>%n",
                one.name(), one.area() ? "area" : "line", one.area() ? area(one.points()) : line(one.points()))));
        return svg.append(hovers).append("</svg>\n").toString();
    }

    private static void grid(StringBuilder svg, double x1, double x2, double y1, double y2) {
        svg.append(format("<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>%n", x1, x2, y1, y2));
    }

    private String line(List<double[]> points) {
        StringBuilder path = new StringBuilder();
        boolean begun = false;
        for (double[] point : points) {
            boolean shown = !Double.isNaN(point[1]);
            if (shown) {
                path.append(begun ? "L" : "M").append(place(point[0], point[1]));
            }
            begun = shown;
        }
        return path.toString();
    }

    private String area(List<double[]> points) {
        StringBuilder path = new StringBuilder();
        points.forEach(point -> path.append(path.isEmpty() ? "M" : "L").append(place(point[0], point[1])));
        for (int i = points.size() - 1; i >= 0; i--) {
            path.append("L").append(place(points.get(i)[0], points.get(i)[2]));
        }
        return points.isEmpty() ? "" : path.append("Z").toString();
    }

    private String place(double x, double y) {
        return format("%.1f,%.1f ", x(x), y(y));
    }

    private double x(double value) {
        return value / xMax * WIDTH;
    }

    private double y(double value) {
        return HEIGHT * (1 - scale.at(value));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** About five steps of 1, 2 or 5 times a power of ten. */
    static double roundStep(double max) {
        double rough = Math.max(max, 1e-3) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double mantissa = rough / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }

    /** Short, with a thin space between thousands. */
    public static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            return format("%,.0f", value).replace(',', '\u2009');
        }
        String text = format(value >= 1 ? "%.1f" : "%.3f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
