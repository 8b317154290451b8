package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The completion script in a real bash: {@code sluice completion > file; source file}. */
@Tag("process")
@Timeout(60)
class CompletionTest {

    @TempDir
    Path folder;

    private Path script;

    @BeforeEach
    void write() throws IOException {
        StringWriter out = new StringWriter();
        Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(new StringWriter()))
                .execute("completion");
        script = Files.writeString(folder.resolve("completion.bash"), out.toString());
    }

    @Test
    void verbsTheirVerbsAndOptionsAreCompleted() throws Exception {
        assertEquals("config completion", completed("sluice", "co"));
        assertEquals("show schema", completed("sluice", "config", "s"));
        assertEquals("--origin", completed("sluice", "config", "show", "--or"));
        assertEquals("--http-port", completed("sluice", "dev", "--http"));
        assertEquals("status", completed("sluice", "overflow", "s"));
        assertEquals("list", completed("sluice", "dead", "l"));
        assertEquals("--admin --after", completed("sluice", "dead", "list", "--a"));
    }

    @Test
    void filesAreCompletedWhereAnOptionTakesOne() throws Exception {
        Files.createDirectory(folder.resolve("orders-data"));
        String begun = folder.resolve("orders-d").toString();
        String whole = folder.resolve("orders-data").toString();
        assertEquals(whole, completed("sluice", "dev", "--data-dir", begun));
        assertEquals(whole, completed("sluice", "serve", "--config", begun));
    }

    /** What the function that the script registers offers for the last word. */
    private String completed(String... words) throws IOException, InterruptedException {
        String run = "source " + script + "\n"
                + "compopt() { :; }\n" // bash lets only the TAB key call the real one
                + "function=$(complete -p sluice | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
                + "COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\"; COMP_POINT=${#COMP_LINE}\n"
                + "$function sluice \"${!#}\" \"${COMP_WORDS[COMP_CWORD-1]}\"\n"
                + "echo ${COMPREPLY[*]}";
        ProcessBuilder bash = new ProcessBuilder("bash", "--norc", "--noprofile", "-c", run, "completion");
        bash.command().addAll(List.of(words));
        Process process = bash.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said.strip();
    }
}
