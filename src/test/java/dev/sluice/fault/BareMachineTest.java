package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Commands;
import dev.sluice.rig.Folders;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code sluice dev} where a container gives it little: nothing to write to but its data, a user without a name. */
@Tag("process")
class BareMachineTest {

    private static final String ORDER = """
            {"customerId":"c-42","currency":"EUR","items":[{"sku":"ABC-1","quantity":2,"unitPrice":"12.50"}]}""";

    private Path folder;
    private Path data;

    @BeforeEach
    void prepare() throws Exception {
        folder = Files.createTempDirectory("sluice-bare").toRealPath();
        data = Files.createDirectory(folder.resolve("data"));
        TestPostgres.seed(data);
    }

    @AfterEach
    void clean() {
        Folders.deleteTree(folder);
    }

    private NodeProcess dev(Manner manner) throws Exception {
        return NodeProcess.run(
                folder, manner, "dev", "--data-dir", data.toString(), "--http-port", "0", "--admin-port", "0");
    }

    /** Takes an order, ends when asked, and says no more than the start of a line for each thing it lacks. */
    private static String assertWorks(NodeProcess node) throws Exception {
        NodeProcess.Ready ready = node.awaitReady();
        try (OrderClient client = new OrderClient(ready.port())) {
            assertEquals(201, client.post(ORDER).status());
        }
        node.signal("TERM");
        assertEquals(0, node.awaitExit(40));
        String said = node.errors();
        assertFalse(said.contains("\tat ") || said.contains("internal error"), said);
        return said;
    }

    @Test
    void theRootFileSystemIsReadOnly() throws Exception {
        String complaint = Commands.complaint("unshare", "-m", "mount", "-o", "remount,bind,ro", "/");
        assumeTrue(complaint.isEmpty(), "needs root to mount: " + complaint);
        String mounts = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro / && exec \"$@\"";
        Manner readOnly = new Manner(
                List.of("unshare", "-m", "bash", "-c", mounts, data.toString()),
                List.of("-Djava.io.tmpdir=/"),
                Map.of());
        try (NodeProcess node = dev(readOnly)) {
            String said = assertWorks(node);
            assertTrue(said.contains("epoll cannot be used, NIO carries the bytes"), said);
            assertTrue(said.contains("java.io.tmpdir (/)"), said);
        }
    }

    @Test
    void thereIsNoFolderForTemporaryFiles() throws Exception {
        try (NodeProcess node = dev(Manner.withFlags("-Djava.io.tmpdir=" + Files.createFile(folder.resolve("file"))))) {
            assertWorks(node);
        }
    }

    @Test
    void theUserHasNeitherANameNorAHome() throws Exception {
        String user = "12345";
        List<String> asUser = List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups",
                "--inh-caps=+dac_read_search", // the class path may lie in a home that is closed to others
                "--ambient-caps=+dac_read_search",
                "env",
                "-u",
                "HOME",
                "-u",
                "USER");
        String complaint = Commands.complaint("setpriv", "--reuid=" + user, "unshare", "-U", "--", "true");
        assumeTrue(complaint.isEmpty(), "needs root to be another user: " + complaint);
        unlinkPrograms();
        Commands.run("chown", "-hR", user, data.toString());
        Commands.run("chmod", "755", folder.toString());
        try (NodeProcess node = dev(new Manner(asUser, List.of(), Map.of()))) {
            String said = assertWorks(node);
            assertFalse(said.contains("task raised") || said.contains("not answered in time"), said);
        }
    }

    /** They lie where that user may not go: it unpacks its own. */
    private void unlinkPrograms() throws IOException {
        try (var files = Files.list(data.resolve("postgres"))) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    @Test
    void aKillLeavesNothingInTheFolderForTemporaryFiles() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        try (NodeProcess node = dev(Manner.withFlags("-Djava.io.tmpdir=" + temporary))) {
            node.awaitReady();
            node.signal("KILL");
            node.awaitExit(40);
        }
        try (var left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
        try (NodeProcess node = dev(Manner.USUAL)) { // ends the servers that were left behind
            node.awaitReady();
        }
    }
}
