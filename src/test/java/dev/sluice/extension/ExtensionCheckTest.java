package dev.sluice.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.ConfigException;
import dev.sluice.config.ConfigLoader;
import dev.sluice.config.ConfigSources;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtensionCheckTest {

    /** One that only others extend. */
    public abstract static class Unfinished extends VerticleBase {}

    /** One that nothing can make. */
    public static final class WantsMore extends VerticleBase {
        final String more;

        public WantsMore(String more) {
            this.more = more;
        }
    }

    @TempDir
    Path folder;

    private void check(String... sets) {
        ExtensionCheck.require(ConfigLoader.load(ConfigSources.ofSets(sets)));
    }

    private String problem(String... sets) {
        List<String> problems =
                assertThrows(ConfigException.class, () -> check(sets)).problems();
        assertEquals(1, problems.size(), problems.toString());
        return problems.get(0);
    }

    @Test
    void whatIsThereIsTaken() throws IOException {
        check();
        check("extensions.a.verticle=" + BadExtensions.class.getName() + "$Blocks");
        check("extensions.a.verticle=groovy:docs/examples/RunningTotal.groovy");
        TestJar.of(folder, "Greets", """
                package org.example;
                public class Greets extends io.vertx.core.VerticleBase {}
                """);
        check("extensions.a.verticle=org.example.Greets", "extensions.a.jars=" + folder);
    }

    @ParameterizedTest
    @CsvSource({
        "dev.sluice.extension.ExtensionCheckTest$Unfinished, is no verticle: have it extend",
        "dev.sluice.extension.ExtensionCheckTest$WantsMore, has no constructor without parameters",
        "java.lang.String, is no verticle",
        "org.example.Nothing, there is no class org.example.Nothing",
        "groovy:nothing.groovy, nothing.groovy is no file",
        "groovy:docs.groovy, docs.groovy is no file",
        "groovy:docs/examples/RuningTotal.groovy, did you mean docs/examples/RunningTotal.groovy?"
    })
    void whatIsNotIsSaidWithTheMend(String verticle, String said) {
        String problem = problem("extensions.a.verticle=" + verticle);
        assertTrue(problem.startsWith("--set: extensions.a.verticle: "), problem);
        assertTrue(problem.contains(said), problem);
    }

    @Test
    void aClassThatIsMisspeltIsLookedForInItsJars() throws IOException {
        TestJar.of(folder, "Greets", """
                package org.example;
                public class Greets extends io.vertx.core.VerticleBase {}
                """);
        String problem = problem("extensions.a.verticle=org.example.Grets", "extensions.a.jars=" + folder);
        assertTrue(problem.contains("did you mean org.example.Greets?"), problem);
        assertTrue(problem.contains("(1 jar)"), problem);
    }

    /** The one by default need not be there. */
    @Test
    void aFolderOfJarsThatIsNamedMustBeThere() throws IOException {
        String verticle = "extensions.a.verticle=" + BadExtensions.class.getName() + "$Blocks";
        assertTrue(
                problem(verticle, "extensions.a.jars=" + folder.resolve("none")).contains("cannot be read"));
        Path file = Files.createFile(folder.resolve("file"));
        assertTrue(problem(verticle, "extensions.a.jars=" + file).contains("cannot be read"));
    }

    @Test
    void everyProblemIsSaidAtOnce() {
        List<String> problems = assertThrows(
                        ConfigException.class,
                        () -> check("extensions.a.verticle=org.example.A", "extensions.b.verticle=groovy:b.groovy"))
                .problems();
        assertEquals(2, problems.size(), problems.toString());
    }
}
