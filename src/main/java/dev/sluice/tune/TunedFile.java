package dev.sluice.tune;

import dev.sluice.tune.search.Knob;
import dev.sluice.tune.search.Tried;
import dev.sluice.tune.search.TuneResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chosen setting as a file of configuration, with what it rests on, for a person to read and to take over. */
public final class TunedFile {

    private static final String WAY =
            "# Nothing applies it by itself. Copy what you want into your own file, or try it:"
                    + " sluice serve --config %s\n";

    private TunedFile() {}

    /**
     * The file's text.
     *
     * @param name of the file, for the line that says how it is used
     * @param facts what it rests on, by name
     */
    public static String of(TuneResult result, Tried chosen, String name, Map<String, String> facts) {
        StringBuilder yaml = new StringBuilder("# Written by sluice tune run.\n").append(WAY.formatted(name));
        Stream<String> known = facts.entrySet().stream().map(fact -> fact.getKey() + ": " + fact.getValue());
        Stream.concat(TuneText.verdict(result).stream(), known)
                .forEach(line -> yaml.append("# ").append(oneLine(line)).append('\n'));
        sections(result, chosen).forEach((section, lines) -> {
            yaml.append('\n').append(section).append(":\n");
            lines.forEach(yaml::append);
        });
        return yaml.toString();
    }

    /** A line end in a comment would end the comment. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static Map<String, List<String>> sections(TuneResult result, Tried chosen) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        for (Knob knob : Knob.values()) {
            String section = knob.key().substring(0, knob.key().indexOf('.'));
            String line = line(result, chosen, knob);
            sections.merge(
                    section,
                    List.of(line),
                    (before, added) ->
                            Stream.concat(before.stream(), added.stream()).toList());
        }
        return sections;
    }

    private static String line(TuneResult result, Tried chosen, Knob knob) {
        String value = chosen.candidate().written(knob);
        String before = result.start().written(knob);
        String note = value.equals(before) ? "as before" : "was " + before;
        String name = knob.key().substring(knob.key().indexOf('.') + 1);
        return "  # " + knob.label() + ", " + note + "; the default is "
                + result.defaults().written(knob) + " on this machine\n  " + name + ": " + value + "\n";
    }
}
