package dev.sluice.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Counts a source tree: size, methods, types with one user, classes on the way of an order. Each figure stands beside
 * its rule. It reads sources only, so that any commit can be counted: {@code scripts/count} runs this file on its own.
 */
public final class TreeCount {

    private static final int FILE_LINES_MAX = 300;
    private static final int PACKAGE_FILES_MAX = 25;
    private static final String DRAWN = "classes that an order passes through";
    private static final Pattern CLASS_ON_THE_WAY =
            Pattern.compile("^(?:[a-z]+/|  │) +([A-Z][A-Za-z]+)(?: × [A-Z])?(?:  .*)?$");

    /** A top-level type, in a file of its own. */
    private record Source(
            String file, String packageName, String name, long lines, Set<String> words, Set<String> imports) {

        boolean uses(Source other) {
            boolean visible = packageName.equals(other.packageName)
                    || imports.contains(other.packageName + "." + other.name)
                    || imports.contains(other.packageName + ".*");
            return visible && words.contains(other.name);
        }
    }

    private final List<Source> sources = new ArrayList<>();
    private final List<Long> methodLines = new ArrayList<>();

    private TreeCount() {}

    /** Prints a Markdown table with one column for each {@code heading=folder}. */
    public static void main(String[] arguments) throws IOException {
        Map<String, Map<String, String>> columns = new LinkedHashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            columns.put(parts[0], of(Path.of(parts[1])));
        }
        System.out.println("| what | " + String.join(" | ", columns.keySet()) + " |");
        System.out.println("| --- |" + " --- |".repeat(columns.size()));
        for (String what : columns.values().iterator().next().keySet()) {
            String row =
                    columns.values().stream().map(column -> column.get(what)).collect(Collectors.joining(" | "));
            System.out.println("| " + what + " | " + row + " |");
        }
    }

    /** Each figure by its rule. */
    static Map<String, String> of(Path root) throws IOException {
        TreeCount tree = new TreeCount();
        tree.read(root.resolve("src/main/java"));
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("lines of src/main/java", number(linesUnder(root.resolve("src/main/java"))));
        figures.put("files of src/main/java, package-info left out", number(tree.sources.size()));
        figures.put("lines of src/test/java", number(linesUnder(root.resolve("src/test/java"))));
        figures.put("top-level types that exactly one other top-level type of main names in its code", tree.oneUser());
        figures.put(
                "classes from socket to INSERT: those of the first picture in ARCHITECTURE.md; a class counts when the"
                        + " order's object passes through one of its methods",
                onTheWay(root).isEmpty() ? "not drawn" : number(onTheWay(root).size()));
        figures.put(
                "lines of a method or constructor with a body, from its name's declaration to its brace, annotations"
                        + " and comment left out: median / p90 / max",
                tree.methods());
        figures.put("files of main over " + FILE_LINES_MAX + " lines", number(tree.longFiles()));
        figures.put("packages of main over " + PACKAGE_FILES_MAX + " files", tree.largePackages());
        return figures;
    }

    /** The classes of the first picture of ARCHITECTURE.md, from top to bottom; none where it has no such picture. */
    static List<String> onTheWay(Path root) throws IOException {
        List<String> page = Files.readAllLines(root.resolve("ARCHITECTURE.md"));
        return page.stream().noneMatch(line -> line.contains(DRAWN)) ? List.of() : classes(page);
    }

    private static List<String> classes(List<String> page) {
        return page.stream()
                .dropWhile(line -> !line.equals("```"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .map(CLASS_ON_THE_WAY::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .toList();
    }

    private void read(Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            var files = manager.getJavaFileObjectsFromPaths(javaFiles(folder));
            var task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, files);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                if (!unit.getSourceFile().getName().endsWith("package-info.java")) {
                    new Reader(unit, positions).read();
                }
            }
        }
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static long linesUnder(Path folder) throws IOException {
        long lines = 0;
        for (Path file : javaFiles(folder)) {
            lines += Files.readAllLines(file).size();
        }
        return lines;
    }

    private String oneUser() {
        long users = sources.stream().filter(type -> users(type) == 1).count();
        return String.format(Locale.ROOT, "%d (%.0f %%)", users, 100.0 * users / sources.size());
    }

    private long users(Source type) {
        return sources.stream()
                .filter(other -> !other.file.equals(type.file) && other.uses(type))
                .count();
    }

    private String methods() {
        List<Long> sorted = methodLines.stream().sorted().toList();
        long median = sorted.get(sorted.size() / 2);
        long p90 = sorted.get(sorted.size() * 9 / 10);
        return median + " / " + p90 + " / " + sorted.get(sorted.size() - 1);
    }

    private long longFiles() {
        return sources.stream()
                .filter(source -> source.lines() > FILE_LINES_MAX)
                .count();
    }

    private String largePackages() {
        Map<String, Long> files = sources.stream()
                .collect(Collectors.groupingBy(Source::packageName, TreeMap::new, Collectors.counting()));
        files.values().removeIf(count -> count <= PACKAGE_FILES_MAX);
        String names = files.entrySet().stream()
                .map(entry -> entry.getKey().replaceFirst(".*\\.", "") + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "0" : files.size() + ": " + names;
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Reads one file: its words, its imports and the length of its methods. */
    private final class Reader extends TreeScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Set<String> words = new HashSet<>();
        private final Set<String> imports = new HashSet<>();

        Reader(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        void read() throws IOException {
            scan(unit, null);
            ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
            String file = unit.getSourceFile().getName();
            long lines =
                    unit.getSourceFile().getCharContent(true).toString().lines().count();
            sources.add(new Source(
                    file, unit.getPackageName().toString(), type.getSimpleName().toString(), lines, words, imports));
        }

        @Override
        public Void visitImport(ImportTree node, Void nothing) {
            String name = node.getQualifiedIdentifier().toString();
            imports.add(name);
            if (node.isStatic()) {
                String owner = name.substring(0, name.lastIndexOf('.'));
                imports.add(owner);
                words.add(owner.substring(owner.lastIndexOf('.') + 1));
            }
            return null;
        }

        @Override
        public Void visitIdentifier(IdentifierTree node, Void nothing) {
            words.add(node.getName().toString());
            return super.visitIdentifier(node, null);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree node, Void nothing) {
            words.add(node.getIdentifier().toString());
            return super.visitMemberSelect(node, null);
        }

        @Override
        public Void visitMethod(MethodTree node, Void nothing) {
            long end = positions.getEndPosition(unit, node);
            boolean written = end > 0 && node.getBody() != null && positions.getEndPosition(unit, node.getBody()) > 0;
            if (written) {
                methodLines.add(lineOf(end) - lineOf(start(node)) + 1);
            }
            return super.visitMethod(node, null);
        }

        /** Where the declaration begins behind its annotations. */
        private long start(MethodTree node) {
            long annotations = node.getModifiers().getAnnotations().stream()
                    .mapToLong(annotation -> positions.getEndPosition(unit, annotation))
                    .max()
                    .orElse(0);
            Tree first = node.getReturnType() == null ? node.getBody() : node.getReturnType();
            return annotations == 0
                    ? positions.getStartPosition(unit, node)
                    : Math.max(annotations, positions.getStartPosition(unit, first));
        }

        private long lineOf(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
