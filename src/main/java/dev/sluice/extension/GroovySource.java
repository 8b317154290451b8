package dev.sluice.extension;

import dev.sluice.config.value.FileProblem;
import dev.sluice.config.value.Nearest;
import dev.sluice.config.value.VerticleName;
import groovy.lang.GroovyClassLoader;
import io.vertx.core.Deployable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.codehaus.groovy.control.CompilationFailedException;

/** A source file in Groovy with one verticle. Groovy itself is loaded by the first one that is compiled. */
record GroovySource(Path file) {

    static GroovySource of(VerticleName name) throws ExtensionProblem {
        try {
            return new GroovySource(Path.of(name.target()));
        } catch (InvalidPathException e) {
            throw new ExtensionProblem("'" + name.target() + "' is no path (" + e.getReason() + ")", "correct it", e);
        }
    }

    /** Whether it is a file that can be read; the names of its neighbours help where it is not. */
    void requireReadable() throws ExtensionProblem {
        if (Files.isRegularFile(file) && Files.isReadable(file)) {
            return;
        }
        String wrong = String.valueOf(file.getFileName());
        String meant = Nearest.to(wrong, neighbours())
                .map(near -> ", did you mean " + file.resolveSibling(near) + "?")
                .orElse("");
        String why = Files.exists(file) ? " cannot be read" : " is no file";
        throw new ExtensionProblem(
                file.toAbsolutePath() + why + meant,
                "correct the path, which is relative to the folder that the node is started in, or let this user read it");
    }

    private List<String> neighbours() {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(neighbour -> neighbour.getFileName().toString())
                    .filter(name -> name.endsWith(".groovy"))
                    .toList();
        } catch (IOException e) {
            return List.of("(" + folder + ": " + FileProblem.of(e) + ")");
        }
    }

    /** The verticle in it, compiled. */
    Class<?> compiled(ClassLoader parent) throws ExtensionProblem {
        requireReadable();
        try {
            GroovyClassLoader loader = new GroovyClassLoader(parent);
            Class<?> first = loader.parseClass(file.toFile());
            return Arrays.stream(loader.getLoadedClasses())
                    .filter(Deployable.class::isAssignableFrom)
                    .findFirst()
                    .orElse(first);
        } catch (CompilationFailedException e) {
            throw new ExtensionProblem(
                    file + " cannot be compiled (" + oneLine(String.valueOf(e.getMessage())) + ")", "correct it", e);
        } catch (IOException e) {
            throw new ExtensionProblem(
                    file + " cannot be read (" + FileProblem.of(e) + ")", "let this user read it", e);
        }
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
