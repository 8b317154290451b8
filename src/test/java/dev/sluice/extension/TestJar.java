package dev.sluice.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar with one class of the package {@code org.example}, compiled here. */
final class TestJar {

    private TestJar() {}

    static void of(Path folder, String name, String source) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("src"));
        Path file = Files.writeString(sources.resolve(name + ".java"), source);
        OutputStream said = new ByteArrayOutputStream();
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, said, said, "-proc:none", "-cp", System.getProperty("java.class.path"), file.toString());
        assertEquals(0, failed, said.toString());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve(name + ".jar")))) {
            jar.putNextEntry(new JarEntry("org/example/" + name + ".class"));
            Files.copy(sources.resolve(name + ".class"), jar);
        }
    }
}
