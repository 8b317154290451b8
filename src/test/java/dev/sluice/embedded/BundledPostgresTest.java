package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.BundledServer.Options;
import dev.sluice.rig.SmallDisk;
import dev.sluice.rig.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A life of one data directory: each test starts from a stopped server in a folder with a space in its name. */
@Tag("process")
class BundledPostgresTest {

    @TempDir
    Path temp;

    private Path folder;
    private DataDirectory directory;

    @BeforeEach
    void takeFolder() throws Exception {
        folder = temp.resolve("my data");
        directory = DataDirectory.open(folder);
        TestPostgres.seed(folder);
    }

    @AfterEach
    void releaseFolder() throws Exception {
        directory.close();
        KeptFiles.deleteTree(folder);
    }

    @Test
    void aRestartKeepsDataPortAndPassword() throws Exception {
        String uri;
        try (BundledPostgres server = start()) {
            uri = server.uri();
            TestPostgres.execute(uri, "create table t as select 42 as n");
            assertEquals("rw-------", permissions("connection.properties"));
        }
        try (BundledPostgres server = start()) {
            assertEquals(uri, server.uri());
            assertEquals("42", TestPostgres.queryText(uri, "select n from t"));

            long before = server.pid();
            server.restart();
            assertNotEquals(before, server.pid());
            assertEquals("42", TestPostgres.queryText(uri, "select n from t"));
        }
    }

    @Test
    void itsSettingsAreDurableAndItsTextSortsByCodePoint() {
        try (BundledPostgres server = start()) {
            String uri = server.uri();
            for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit", "data_checksums")) {
                assertEquals("on", TestPostgres.queryText(uri, "show " + setting), setting);
            }
            assertEquals("127.0.0.1", TestPostgres.queryText(uri, "show listen_addresses"));
            assertEquals("", TestPostgres.queryText(uri, "show unix_socket_directories"));
            assertEquals("256MB", TestPostgres.queryText(uri, "show shared_buffers"));
            assertEquals("UTF8", TestPostgres.queryText(uri, "show server_encoding"));
            assertEquals("true", TestPostgres.queryText(uri, "select 'Z' < 'a' and upper('é') = 'É'"));
            assertEquals(
                    "scram-sha-256",
                    TestPostgres.queryText(uri, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"));
        }
    }

    @Test
    void overridesWinAndAlterSystemCannotUndoAPromise() {
        Options unsafe = Options.defaults()
                .with("fsync", "off")
                .with("max_connections", "20")
                .with("application_name", "it's a test");
        try (BundledPostgres server = BundledPostgres.start(directory, unsafe)) {
            assertEquals("off", TestPostgres.queryText(server.uri(), "show fsync"));
            assertEquals("20", TestPostgres.queryText(server.uri(), "show max_connections"));
            TestPostgres.execute(server.uri(), "alter system set fsync = off");
        }
        try (BundledPostgres server = start()) {
            assertEquals("on", TestPostgres.queryText(server.uri(), "show fsync"));
        }
    }

    @Test
    void whatAKilledJvmLeftBehindIsStoppedAndStartedAnew() throws Exception {
        directory.close();
        String uri;
        long survivor;
        try (ChildJvm child = ChildJvm.start("serve", folder)) {
            uri = child.line();
            survivor = Long.parseLong(child.line());
            TestPostgres.execute(uri, "create table t as select 42 as n");
            child.kill();
        }
        assertTrue(isAlive(survivor));

        directory = DataDirectory.open(folder);
        try (BundledPostgres server = start()) {
            assertFalse(isAlive(survivor));
            assertNotEquals(survivor, server.pid());
            assertEquals(uri, server.uri());
            assertEquals("42", TestPostgres.queryText(uri, "select n from t"));
        }
    }

    @Test
    void aKilledPostmasterIsStartedAgain() {
        try (BundledPostgres server = start()) {
            TestPostgres.execute(server.uri(), "create table t as select 42 as n");
            ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
            server.restart();
            assertEquals("42", TestPostgres.queryText(server.uri(), "select n from t"));
        }
    }

    @Test
    void aPidFileThatNamesAnotherProgramIsStale() throws Exception {
        startAndStop();
        Path pidFile = folder.resolve("postgres/cluster/postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + pidFile.resolveSibling("") + "\n1\n1\n\n");
        try (BundledPostgres server = start()) {
            assertNotEquals(ProcessHandle.current().pid(), server.pid());
        }
    }

    @Test
    void whatAKillLeftHalfUnpackedIsDoneAgain() throws Exception {
        Path home = folder.resolve("postgres");
        KeptFiles.deleteTree(home);
        Path rubbish = Files.createDirectories(home.resolve("binaries-" + Binaries.POSTGRES_VERSION + ".partial/bin"));
        Files.writeString(rubbish.resolve("postgres"), "half of it");
        Files.createDirectories(home.resolve("cluster.partial/base"));
        Files.writeString(home.resolve("password.partial"), "secret");
        try (BundledPostgres server = start()) {
            assertEquals("1", TestPostgres.queryText(server.uri(), "select 1"));
        }
        try (var names = Files.list(home)) {
            assertTrue(names.noneMatch(name -> name.toString().endsWith(".partial")));
        }
    }

    @Test
    void aTakenPortIsNamedAndItsOwnerIsNotUsed() throws Exception {
        int port = startAndStop().getPort();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            String message =
                    assertThrows(BundledServerException.class, this::start).getMessage();
            assertTrue(message.startsWith("port 127.0.0.1:" + port + " "), message);
            assertTrue(message.contains("connection.properties"), message);

            Path kept = folder.resolve("postgres/connection.properties");
            Files.writeString(kept, Files.readString(kept).replaceAll("port=.*\n", ""));
            try (BundledPostgres server = start()) {
                assertNotEquals(other.getLocalPort(), URI.create(server.uri()).getPort());
                assertEquals("1", TestPostgres.queryText(server.uri(), "select 1"));
            }
        }
    }

    @Test
    void aSettingThatPostgresRefusesIsInTheMessage() {
        Options wrong = Options.defaults().with("max_connections", "many");
        String message = assertThrows(BundledServerException.class, () -> BundledPostgres.start(directory, wrong))
                .getMessage();
        assertTrue(message.contains("invalid value for parameter \"max_connections\": \"many\""), message);
        assertTrue(message.contains("postgres.log"), message);
    }

    @Test
    void aDiskThatIsTooSmallIsNamedWithWhatIsNeeded() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(53 * 1024);
                DataDirectory small = DataDirectory.open(disk.folder().resolve("data"))) {
            String unpacked = assertThrows(
                            BundledServerException.class, () -> BundledPostgres.start(small, Options.defaults()))
                    .getMessage();
            assertTrue(unpacked.contains(": no space left on device: it takes 70 MB there"), unpacked);
            KeptFiles.deleteTree(small.path().resolve("postgres"));
            TestPostgres.seed(small.path());
            KeptFiles.deleteTree(small.path().resolve("postgres/cluster"));
            String created = assertThrows(
                            BundledServerException.class, () -> BundledPostgres.start(small, Options.defaults()))
                    .getMessage();
            assertTrue(created.startsWith("PostgreSQL's data take 64 MB at first, and 5"), created);
            assertTrue(created.contains("make room there"), created);
        }
    }

    @Test
    void aDataFolderOfAnotherMajorVersionIsRefused() throws Exception {
        startAndStop();
        Files.writeString(folder.resolve("postgres/cluster/PG_VERSION"), "17\n");
        String message = assertThrows(BundledServerException.class, this::start).getMessage();
        assertTrue(message.contains("was made by PostgreSQL 17"), message);
    }

    @Test
    void thePostmasterHasASessionOfItsOwn() throws Exception {
        try (BundledPostgres server = start()) {
            String stat = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            assertEquals(Long.toString(server.pid()), afterName[2], "process group");
            assertEquals(Long.toString(server.pid()), afterName[3], "session");
        }
    }

    private BundledPostgres start() {
        return BundledPostgres.start(directory, Options.defaults());
    }

    private URI startAndStop() {
        try (BundledPostgres server = start()) {
            return URI.create(server.uri());
        }
    }

    private String permissions(String name) throws Exception {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("postgres").resolve(name)));
    }

    /** A zombie, which waits for a parent to notice, counts as dead. */
    private static boolean isAlive(long pid) {
        try {
            Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
