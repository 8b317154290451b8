package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.BundledServer;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice db migrate} against real servers. */
@Tag("contract")
@Timeout(60)
class DbMigrateTest {

    private final String uri = TestPostgres.freshDatabase();

    private record Ran(int code, String out, String err) {}

    private static Ran migrate(String uri, String... flags) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] verb = new String[flags.length + 2];
        verb[0] = "db";
        verb[1] = "migrate";
        System.arraycopy(flags, 0, verb, 2, flags.length);
        int code = Sluice.commandLine(Map.of("SLUICE_POSTGRES_URI", uri), new PrintWriter(out), new PrintWriter(err))
                .execute(verb);
        return new Ran(code, out.toString(), err.toString());
    }

    private static JsonArray applied(Ran ran) {
        assertEquals(0, ran.code, ran.err);
        return new JsonObject(ran.out).getJsonArray("applied");
    }

    @Test
    void itSaysWhatItApplied() {
        assertEquals(new Ran(0, "applied [1, 2]\n", ""), migrate(uri));
        assertEquals(new Ran(0, "nothing to migrate\n", ""), migrate(uri));
    }

    @Test
    void inJsonToo() {
        assertEquals(new JsonArray().add(1).add(2), applied(migrate(uri, "--json")));
        assertEquals(new JsonArray(), applied(migrate(uri, "--json")));
    }

    @Test
    void itWaitsForAServerThatComesLater() throws Exception {
        int port = Ports.free();
        CompletableFuture<Ran> migrating =
                CompletableFuture.supplyAsync(() -> migrate(Ports.moved(uri, port), "--json"));
        try (TcpProxy proxy = TcpProxy.at(port, uri)) {
            assertEquals(new JsonArray().add(1).add(2), applied(migrating.get()));
            assertTrue(proxy.accepted() > 0);
        }
    }

    @Test
    void aServerThatIsNotThereIs4() throws Exception {
        Ran ran = migrate(Ports.moved(uri, Ports.free()), "--set", "store.startWaitMs=300");
        assertEquals(4, ran.code);
        assertTrue(ran.err.contains("postgres.uri") && ran.err.contains("refused"), ran.err);
    }

    @Test
    void aServerThatTakesTheConnectionAndSaysNothingIs4() throws Exception {
        try (ServerSocket silent = Ports.listen(0)) {
            Ran ran = migrate(Ports.moved(uri, silent.getLocalPort()), "--set", "store.startWaitMs=1200");
            assertEquals(4, ran.code);
            assertTrue(ran.err.contains("did not answer within"), ran.err);
        }
    }

    @Test
    void aWrongPasswordIs4AndIsNotPrinted() {
        Ran ran = migrate(uri.replaceFirst(":[^:@/]+@", ":hush-hush@"), "--set", "store.startWaitMs=300");
        assertEquals(4, ran.code);
        assertTrue(ran.err.contains("28P01"), ran.err);
        assertFalse(ran.err.contains("hush-hush"), ran.err);
    }

    @Test
    void aDatabaseThatCannotBeMigratedIs3WithAMendToPaste() {
        TestPostgres.execute(uri, "create view orders as select 1 as id");
        Ran ran = migrate(uri);
        assertEquals(3, ran.code);
        assertEquals("", ran.out);
        assertTrue(ran.err.contains("42P07"), ran.err);
        assertTrue(ran.err.lines().anyMatch(line -> line.endsWith("SET search_path = sluice;")), ran.err);
    }

    @Test
    void aSchemaThatIsThereAndTakesNoOrderIs3() {
        migrate(uri);
        TestPostgres.execute(uri, "alter table orders drop column total");
        Ran ran = migrate(uri);
        assertEquals(3, ran.code);
        assertTrue(ran.err.contains("42703"), ran.err);
    }

    @Test
    void itGoesByUnixSocketToo(@TempDir Path folder) throws Exception {
        BundledServer.Options options =
                BundledServer.Options.defaults().with("unix_socket_directories", folder.toString());
        try (TestPostgres own = TestPostgres.start(options)) {
            String path = folder.toString().replace("/", "%2F");
            String port = own.uri().replaceFirst(".*:(\\d+)/.*", "$1");
            String bySocket = own.uri().replaceFirst("@[^/]+/", "@" + path + ":" + port + "/");
            assertEquals(new JsonArray().add(1).add(2), applied(migrate(bySocket, "--json")));
        }
    }
}
