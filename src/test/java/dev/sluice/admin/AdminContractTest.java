package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The admin listener serves its own part of the contract, cut out of the whole: its calls and the documentation, and
 * the components that these use.
 */
class AdminContractTest {

    private static final Path WHOLE = Path.of("src/main/resources/openapi.yaml");
    private static final Path ADMIN = Path.of("src/main/resources/admin-openapi.yaml");
    private static final Pattern REF = Pattern.compile("#/components/(\\w+)/(\\w+)");

    private static final String HEAD = """
            openapi: 3.1.0
            info:
              title: Sluice, the admin listener
              version: 0.1.0
              summary: Health, metrics and operations of a node.
              description: |
                These calls are on a listener of their own, by default http://127.0.0.1:9090. Where keys are on
                (`auth.mode`), or `admin.token` is set, all but the two probes and this documentation want
                `Authorization: Bearer` with one that has the scope of the call. Errors are RFC 9457 problem documents
                with a stable `code`.
              contact:
                name: Sluice
              license:
                name: Apache-2.0
                identifier: Apache-2.0
            servers:
              - url: /
                description: The listener that serves this document.
            security: []
            tags:
              - name: documentation
                description: This document, and a page to try it on.
              - name: admin
                description: Operate the node.
            paths:
            """;

    @Test
    void theAdminListenersContractIsItsPartOfTheWhole() throws IOException {
        String part = part(Files.readString(WHOLE));
        Path made = Files.createDirectories(Path.of("target")).resolve("admin-openapi.yaml");
        Files.writeString(made, part);
        assertEquals(
                part, Files.readString(ADMIN), ADMIN + " is not cut out of " + WHOLE + ": cp " + made + " " + ADMIN);
    }

    private static String part(String whole) {
        int paths = whole.indexOf("\npaths:\n") + "\npaths:\n".length();
        int components = whole.indexOf("\ncomponents:\n") + 1;
        StringBuilder part = new StringBuilder(HEAD);
        for (String path : blocks(whole.substring(paths, components), 2)) {
            if (!path.contains("tags: [orders]")) {
                part.append(path.replaceAll("(?m)^    servers: .*\\R", ""));
            }
        }
        part.append("components:\n");
        String rest = whole.substring(whole.indexOf('\n', components) + 1);
        Map<String, List<String>> byKind = new LinkedHashMap<>();
        for (String kind : blocks(rest, 2)) {
            byKind.put(name(kind), blocks(kind.substring(kind.indexOf('\n') + 1), 4));
        }
        Set<String> used = used(part.toString(), byKind);
        byKind.forEach((kind, blocks) -> {
            List<String> kept = blocks.stream()
                    .filter(block -> used.contains(kind + "/" + name(block)) || kind.equals("securitySchemes"))
                    .toList();
            if (!kept.isEmpty()) {
                part.append("  ").append(kind).append(":\n").append(String.join("", kept));
            }
        });
        return part.toString()
                .replace("#/components/responses/AnyCall'", "#/components/responses/AnyAdminCall'")
                .replace("#/components/responses/MethodNotAllowed'", "#/components/responses/AdminMethodNotAllowed'");
    }

    /** What is referred to, directly or by a component; the documentation's answers are those of the admin listener. */
    private static Set<String> used(String paths, Map<String, List<String>> byKind) {
        Set<String> used = new TreeSet<>();
        List<String> texts = new ArrayList<>(List.of(paths));
        while (!texts.isEmpty()) {
            REF.matcher(texts.remove(0)).results().forEach(found -> {
                String kind = found.group(1);
                String name = found.group(2)
                        .replaceFirst("^AnyCall$", "AnyAdminCall")
                        .replaceFirst("^MethodNotAllowed$", "AdminMethodNotAllowed");
                if (used.add(kind + "/" + name)) {
                    byKind.getOrDefault(kind, List.of()).stream()
                            .filter(block -> name(block).equals(name))
                            .forEach(texts::add);
                }
            });
        }
        return used;
    }

    /** The entries of a mapping that is indented so far, each with what is below it. */
    private static List<String> blocks(String yaml, int indent) {
        return List.of(yaml.split("(?m)^(?= {" + indent + "}\\S)")).stream()
                .filter(block -> !block.isBlank())
                .toList();
    }

    private static String name(String block) {
        return block.strip().split(":", 2)[0];
    }
}
