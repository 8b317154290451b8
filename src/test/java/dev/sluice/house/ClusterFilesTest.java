package dev.sluice.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.ConfigLoader;
import dev.sluice.config.ConfigSources;
import dev.sluice.config.KeySpec;
import dev.sluice.config.LoadedConfig;
import dev.sluice.config.Schema;
import dev.sluice.rig.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files of cluster/ name only settings that there are. {@code scripts/lint} asks others' tools about their form. */
@Tag("contract")
class ClusterFilesTest {

    private static final Path CLUSTER = Path.of("cluster");
    private static final Path PAGE = Path.of("docs/cluster.md");
    private static final Pattern VARIABLE = Pattern.compile("\\bSLUICE_[A-Z_]+");
    private static final Pattern KEY = Pattern.compile("(?:`|--set \"?)([a-z]+(?:\\.[a-z]+)*\\.[a-z][A-Za-z]+)[`=]");
    private static final Set<String> FILE_ENDINGS = Set.of("service", "cfg", "yaml", "md", "js");

    private static final Set<String> VARIABLES = Stream.concat(
                    Schema.keys().stream().map(KeySpec::environmentName), Stream.of("SLUICE_CONFIG"))
            .collect(Collectors.toUnmodifiableSet());

    @TempDir
    Path folder;

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(CLUSTER)) {
            return Stream.concat(files.filter(Files::isRegularFile), Stream.of(PAGE))
                    .filter(file -> !file.startsWith(CLUSTER.resolve("clients")))
                    .toList();
        }
    }

    private static Set<String> unknown(String text) {
        Set<String> unknown = new TreeSet<>();
        VARIABLE.matcher(text).results().map(found -> found.group()).forEach(unknown::add);
        unknown.removeAll(VARIABLES);
        KEY.matcher(text)
                .results()
                .map(found -> found.group(1))
                .filter(key -> !FILE_ENDINGS.contains(key.substring(key.lastIndexOf('.') + 1)))
                .filter(key -> Schema.find(key) == null && !isSection(key))
                .forEach(unknown::add);
        return unknown;
    }

    private static boolean isSection(String name) {
        return Schema.keys().stream().anyMatch(key -> key.name().startsWith(name + "."));
    }

    @Test
    void everySettingExists() throws IOException {
        for (Path file : files()) {
            assertEquals(Set.of(), unknown(Files.readString(file)), file.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- {name: SLUICE_POSTGRES_URL, value: x}",
                "Environment=SLUICE_REDIS_URI_FILES=%d/x",
                "| `cluster.hosts` | the interface |",
                "serve --set cluster.member=x",
                "serve --set \"cluster.busport=1\""
            })
    void aWrongOneIsFound(String line) {
        assertFalse(unknown(line).isEmpty());
    }

    /** With the settings of the manifests a node starts: they are taken whole, without a warning. */
    @Test
    void theManifestsAreAConfiguration() throws IOException {
        Map<?, ?> map = manifest("settings.yaml", "ConfigMap");
        Map<?, ?> secret = manifest("settings.yaml", "Secret");
        Path settings = folder.resolve("sluice.yaml");
        Files.writeString(settings, withCertificates((String) at(map, "data", "sluice.yaml")));
        Map<String, String> environment = new HashMap<>();
        Set<String> secrets = new HashSet<>();
        for (Object variable : assertInstanceOf(List.class, at(container(), "env"))) {
            Map<?, ?> named = assertInstanceOf(Map.class, variable);
            String value = String.valueOf(named.get("value"));
            if (value.startsWith("/run/secrets/sluice/")) {
                String name = value.substring(value.lastIndexOf('/') + 1);
                String text = String.valueOf(at(secret, "stringData", name)).replace("REPLACE-ME", "t".repeat(32));
                value = Files.writeString(folder.resolve(name), text).toString();
                secrets.add(name);
            }
            environment.put(String.valueOf(named.get("name")), value);
        }
        assertEquals("/etc/sluice/sluice.yaml", environment.put("SLUICE_CONFIG", settings.toString()));
        environment.put("SLUICE_CLUSTER_HOST", "10.0.0.7");
        assertEquals(assertInstanceOf(Map.class, secret.get("stringData")).keySet(), secrets);

        LoadedConfig loaded = ConfigLoader.load(new ConfigSources(null, environment, List.of(), List.of()));

        assertEquals(List.of(), loaded.warnings());
        assertEquals(ports(loaded), containerPorts());
    }

    /** A restart while PostgreSQL is away knows the keys that were read last: both leave the node a folder for them. */
    @Test
    void theKeysThatWereReadLastHaveAPlace() throws IOException {
        String unit = Files.readString(CLUSTER.resolve("sluice.service"));
        assertTrue(unit.contains("\nStateDirectory=sluice\n"));
        assertTrue(unit.contains("\nEnvironment=SLUICE_DATA_DIR=%S/sluice\n"));
        assertTrue(unit.contains("\nProtectSystem=strict\n"), "else it needs no folder of its own");

        String folder = environment().get("SLUICE_DATA_DIR");
        List<?> mounts = assertInstanceOf(List.class, at(container(), "volumeMounts"));
        Map<?, ?> mount = mounts.stream()
                .map(one -> assertInstanceOf(Map.class, one))
                .filter(one -> String.valueOf(one.get("mountPath")).equals(folder))
                .findFirst()
                .orElseThrow();
        assertNull(mount.get("readOnly"));
    }

    private static Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (Object variable : assertInstanceOf(List.class, at(container(), "env"))) {
            Map<?, ?> named = assertInstanceOf(Map.class, variable);
            environment.put(String.valueOf(named.get("name")), String.valueOf(named.get("value")));
        }
        return environment;
    }

    /** The secret of the bus has files that cert-manager makes. */
    private String withCertificates(String settings) {
        TestCa ca = TestCa.make(folder, "bus");
        TestCa.Pair pair = ca.sign("node", "DNS:node", 30);
        return settings.replace("/run/secrets/sluice-bus/ca.crt", ca.cert().toString())
                .replace("/run/secrets/sluice-bus/tls.crt", pair.cert().toString())
                .replace("/run/secrets/sluice-bus/tls.key", pair.key().toString());
    }

    private static Map<String, Integer> ports(LoadedConfig loaded) {
        var config = loaded.config();
        return Map.of(
                "http", config.http().port(),
                "admin", config.admin().port(),
                "members", config.cluster().port(),
                "bus", config.cluster().busPort());
    }

    private static Map<String, Integer> containerPorts() throws IOException {
        Map<String, Integer> ports = new HashMap<>();
        for (Object port : assertInstanceOf(List.class, at(container(), "ports"))) {
            Map<?, ?> named = assertInstanceOf(Map.class, port);
            ports.put((String) named.get("name"), (Integer) named.get("containerPort"));
        }
        return ports;
    }

    private static Map<?, ?> container() throws IOException {
        Object containers = at(manifest("nodes.yaml", "StatefulSet"), "spec", "template", "spec", "containers");
        return assertInstanceOf(
                Map.class, assertInstanceOf(List.class, containers).get(0));
    }

    private static Object at(Map<?, ?> map, String... names) {
        Object value = map;
        for (String name : names) {
            value = assertInstanceOf(Map.class, value).get(name);
        }
        return value;
    }

    private static Map<?, ?> manifest(String file, String kind) throws IOException {
        String text = Files.readString(CLUSTER.resolve("kubernetes").resolve(file));
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
            Map<?, ?> manifest = assertInstanceOf(Map.class, document);
            if (kind.equals(manifest.get("kind"))) {
                return manifest;
            }
        }
        throw new AssertionError("no " + kind + " in " + file);
    }
}
