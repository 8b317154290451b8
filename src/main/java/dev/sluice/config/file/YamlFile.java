package dev.sluice.config.file;

import dev.sluice.config.value.ConfigObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML file as dotted keys with their places. Composed, never constructed: no object comes out of it but text.
 * Problems go into the list that the caller hands in, each with {@code file:line:column}.
 */
public final class YamlFile {

    private static final int BYTES_MAX = 1 << 20;
    private static final String YAMLS_OWN = "tag:yaml.org,2002:";

    /** What a text that can name several says of a list. */
    private static final Map<Kind, String> SEVERAL = Map.of(Kind.TEXT, "; where it names several, commas between: a,b");

    /** What a dotted name can be. */
    public enum Kind {
        /** Keys go below it; it may be empty. */
        SECTION,
        /** A key that takes one value. */
        VALUE,
        /** A key that takes a text, which may be a list with commas. */
        TEXT,
        /** A key whose value is an object. */
        OBJECT,
        /** There is no such section or key. */
        NONE
    }

    /** A scalar and where it stands; a null or missing value is an empty text. */
    public record Entry(String name, String text, String place) {}

    private final Path file;
    private final String namedBy;
    private final Function<String, Kind> kindOf;
    private final List<String> problems;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private YamlFile(Path file, String namedBy, Function<String, Kind> kindOf, List<String> problems) {
        this.file = file;
        this.namedBy = namedBy;
        this.kindOf = kindOf;
        this.problems = problems;
    }

    /**
     * Its scalars, in their order.
     *
     * @param namedBy the option or variable that names the file
     * @param kindOf what a name is
     */
    public static List<Entry> read(Path file, String namedBy, Function<String, Kind> kindOf, List<String> problems) {
        YamlFile yaml = new YamlFile(file, namedBy, kindOf, problems);
        yaml.compose().ifPresent(yaml::root);
        return List.copyOf(yaml.entries.values());
    }

    private Optional<Node> compose() {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            return new Compose(settings).composeString(text());
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

    private String text() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException("it is larger than 1 MiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    private void root(Node node) {
        if (node instanceof MappingNode mapping) {
            mapping("", mapping);
        } else if (!isNull(node)) {
            problems.add(place(node) + ": the file must be a mapping of sections, such as `http:`");
        }
    }

    private void mapping(String prefix, MappingNode mapping) {
        if (mapping.isRecursive()) {
            problems.add(place(mapping) + ": what stands here contains itself; write it without &anchor and *alias");
            return;
        }
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
        Kind kind = kindOf.apply(name);
        if (!value.getTag().getValue().startsWith(YAMLS_OWN)) {
            problems.add(place(value) + ": " + name + " has the tag " + value.getTag()
                    + ", which Sluice does not read; write the value itself, or leave it to the environment");
        } else if (kind == Kind.OBJECT && value instanceof CollectionNode<?> collection) {
            object(name, collection);
        } else if (value instanceof ScalarNode scalar) {
            scalar(name, key, scalar);
        } else if (kind == Kind.VALUE || kind == Kind.TEXT) {
            problems.add(place(value) + ": " + name + " takes one value, not a "
                    + (value instanceof MappingNode ? "section" : "list" + SEVERAL.getOrDefault(kind, "")));
        } else if (value instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
            mapping(name + ".", mapping);
        } else if (value instanceof SequenceNode || kind != Kind.SECTION) {
            add(new Entry(name, "", place(value))); // a section or key that there is not
        }
    }

    private void scalar(String name, ScalarNode key, ScalarNode scalar) {
        if (!isNull(scalar)) {
            add(new Entry(name, scalar.getValue(), place(scalar)));
        } else if (kindOf.apply(name) != Kind.SECTION) {
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
