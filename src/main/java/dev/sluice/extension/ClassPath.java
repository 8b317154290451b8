package dev.sluice.extension;

import dev.sluice.config.ExtensionConfig;
import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The jars of one extension, in the order of their names. Their classes see those of Sluice, which come first. */
record ClassPath(Path folder, List<Path> jars) {

    private static final String CLASS = ".class";

    /** What lies in the folder now; the one by default need not be there. */
    static ClassPath of(ExtensionConfig config) throws ExtensionProblem {
        Path folder = config.jars();
        if (!Files.exists(folder) && folder.equals(ExtensionConfig.JARS_BY_DEFAULT)) {
            return new ClassPath(folder, List.of());
        }
        try (Stream<Path> files = Files.list(folder)) {
            return new ClassPath(
                    folder,
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .sorted()
                            .toList());
        } catch (IOException e) {
            throw new ExtensionProblem(
                    "the folder of jars " + folder.toAbsolutePath() + " cannot be read (" + FileProblem.of(e) + ")",
                    "make it, or name another one",
                    e);
        }
    }

    /** A loader of them; the caller closes it. */
    URLClassLoader open() throws ExtensionProblem {
        List<URL> urls = new ArrayList<>();
        try {
            for (Path jar : jars) {
                urls.add(jar.toUri().toURL());
            }
        } catch (IOException e) {
            throw new ExtensionProblem("a jar in " + folder + " has no URL", "give it another name", e);
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassPath.class.getClassLoader());
    }

    /** Names of the classes in the jars, inner ones left out; those of a jar that cannot be read too. */
    List<String> classNames() {
        List<String> names = new ArrayList<>();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                file.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.endsWith(CLASS) && name.indexOf('$') < 0)
                        .map(name -> name.substring(0, name.length() - CLASS.length())
                                .replace('/', '.'))
                        .forEach(names::add);
            } catch (IOException e) {
                names.add(jar.getFileName() + " (" + FileProblem.of(e) + ")");
            }
        }
        return names;
    }

    /** For a person. */
    String described() {
        return folder.toAbsolutePath() + " (" + jars.size() + (jars.size() == 1 ? " jar)" : " jars)");
    }
}
