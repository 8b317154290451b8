package dev.sluice.config.file;

import dev.sluice.config.value.ConfigObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML file as dotted keys with their places. Composed, never constructed: no object comes out of it but text.
 * Problems go into the list that the caller hands in, each with {@code file:line:column}.
 */
public final class YamlFile {

    /** A scalar and where it stands; a null or missing value is an empty text. */
    public record Entry(String name, String text, String place) {}

    private final Path file;
    private final String namedBy;
    private final Predicate<String> isSection;
    private final Predicate<String> takesObject;
    private final List<String> problems;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private YamlFile(
            Path file,
            String namedBy,
            Predicate<String> isSection,
            Predicate<String> takesObject,
            List<String> problems) {
        this.file = file;
        this.namedBy = namedBy;
        this.isSection = isSection;
        this.takesObject = takesObject;
        this.problems = problems;
    }

    /**
     * Its scalars, in their order.
     *
     * @param namedBy the option or variable that names the file
     * @param isSection whether a name is one of a section, which may be empty
     * @param takesObject whether a name is one of a key whose value is an object
     */
    public static List<Entry> read(
            Path file,
            String namedBy,
            Predicate<String> isSection,
            Predicate<String> takesObject,
            List<String> problems) {
        YamlFile yaml = new YamlFile(file, namedBy, isSection, takesObject, problems);
        yaml.compose().ifPresent(yaml::root);
        return List.copyOf(yaml.entries.values());
    }

    private Optional<Node> compose() {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            return new Compose(settings).composeString(Files.readString(file));
        } catch (NoSuchFileException e) {
            problems.add(file + ": no such file; check " + namedBy);
        } catch (AccessDeniedException e) {
            problems.add(file + ": permission denied; let this user read it, or check " + namedBy);
        } catch (CharacterCodingException e) {
            problems.add(file + ": is not UTF-8");
        } catch (IOException e) {
            problems.add(file + ": cannot be read: " + e.getMessage() + "; check " + namedBy);
        } catch (MarkedYamlEngineException e) {
            problems.add(place(e.getProblemMark()) + ": is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(file + ": is not YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private void root(Node node) {
        if (node instanceof MappingNode mapping) {
            mapping("", mapping);
        } else if (!isNull(node)) {
            problems.add(place(node) + ": the file must be a mapping of sections, such as `http:`");
        }
    }

    private void mapping(String prefix, MappingNode mapping) {
        Map<String, String> seen = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(place(tuple.getKeyNode()) + ": a key must be a plain name");
                continue;
            }
            String name = prefix + key.getValue();
            String first = seen.putIfAbsent(name, place(key));
            if (first == null) {
                value(name, key, tuple.getValueNode());
            } else {
                problems.add(place(key) + ": " + name + " is given twice, first at " + first);
            }
        }
    }

    private void value(String name, ScalarNode key, Node value) {
        if (takesObject.test(name) && value instanceof CollectionNode<?> collection) {
            object(name, collection);
        } else if (value instanceof MappingNode mapping) {
            mapping(name + ".", mapping);
        } else if (!(value instanceof ScalarNode scalar)) {
            problems.add(place(value) + ": " + name + " takes one value, not a list");
        } else if (!isNull(value)) {
            add(new Entry(name, scalar.getValue(), place(value)));
        } else if (!isSection.test(name)) {
            add(new Entry(name, "", place(key)));
        }
    }

    /** What stands below is handed on as it is. */
    private void object(String name, Node node) {
        try {
            Object read =
                    new StandardConstructor(LoadSettings.builder().build()).constructSingleDocument(Optional.of(node));
            add(new Entry(name, ConfigObject.text(read), place(node)));
        } catch (YamlEngineException e) {
            problems.add(place(node) + ": " + name + " cannot be read: " + e.getMessage());
        }
    }

    /** The same key may be written nested and dotted; twice is once too often. */
    private void add(Entry entry) {
        Entry first = entries.putIfAbsent(entry.name(), entry);
        if (first != null) {
            problems.add(entry.place() + ": " + entry.name() + " is given twice, first at " + first.place());
        }
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private String place(Node node) {
        return place(node.getStartMark());
    }

    private String place(Optional<Mark> mark) {
        return mark.map(at -> file + ":" + (at.getLine() + 1) + ":" + (at.getColumn() + 1))
                .orElse(file.toString());
    }
}
