package dev.sluice.config.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * An object of any keys and values, which Sluice hands on and does not read: {@code {every: 1000, names: [a, b]}} as YAML
 * has it, of which JSON is a part. It prints as {@value Secret#MASK}: it may hold a password.
 *
 * @param values texts, numbers, booleans, nulls, lists and maps by name
 */
public record ConfigObject(Map<String, Object> values) {

    private static final int WIDTH = 1 << 20;

    public ConfigObject {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is none; the message does not quote it
     */
    public static ConfigObject parse(String text) {
        try {
            return of(new Load(LoadSettings.builder().build()).loadFromString(text));
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("is no object; write {name: value, …} as YAML or JSON has it", e);
        }
    }

    private static ConfigObject of(Object read) {
        if (!(read instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("is no object; write {name: value, …} as YAML or JSON has it");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((name, value) -> values.put(name(name), value));
        return new ConfigObject(values);
    }

    private static String name(Object name) {
        if (name instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("has a name that is no text; put it into quotes");
    }

    /** What was read from a file, as a text that {@link #parse} takes. */
    public static String text(Object read) {
        DumpSettings flow = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.FLOW)
                .setMultiLineFlow(false)
                .setWidth(WIDTH)
                .build();
        return new Dump(flow).dumpToString(read).strip();
    }

    @Override
    public String toString() {
        return values.isEmpty() ? "{}" : Secret.MASK;
    }
}
