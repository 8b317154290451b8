package dev.sluice.bus.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clients of {@code cluster/clients} against a real node; a language that is not installed is skipped. */
@Tag("process")
@Timeout(90)
class ClientsTest {

    private static final Path CLIENTS = Path.of("cluster/clients").toAbsolutePath();

    private static final String NODE_JS = """
            import { Sluice } from '%s';
            const order = (key) => ({ clientOrderId: key, customerId: 'c-1', currency: 'EUR',
                items: [{ sku: 'A', quantity: 1, unitPrice: '1.50' }] });
            const sluice = await Sluice.connect({ port: %d });
            const follower = await Sluice.connect({ port: %d });
            let keys = [];
            await follower.onCommitted((batch) => keys.push(...batch.orders.map((one) => one.clientOrderId)));
            const one = await sluice.submit(order('js-1'));
            const many = await sluice.submit([order('js-2'), {}, order('js-1')]);
            for (let number = 0; !keys.includes('js-last-' + (number - 1)); number++) {
              await sluice.submit(order('js-last-' + number));
            }
            let refused = '';
            await sluice.submit([]).catch((error) => { refused = error.message; });
            console.log(one.status, many.map((result) => result.status).join(','), refused.split(':')[0]);
            sluice.close();
            follower.close();
            """;

    private static final String PYTHON = """
            import sys
            sys.path.insert(0, '%s')
            sys.dont_write_bytecode = True
            from sluice import Refused, Sluice

            def order(key):
                return {'clientOrderId': key, 'customerId': 'c-1', 'currency': 'EUR',
                        'items': [{'sku': 'A', 'quantity': 1, 'unitPrice': '1.50'}]}

            with Sluice(port=%d) as client:
                one = client.submit(order('py-1'))
                many = client.submit([order('py-2'), {}, order('py-1')])
                try:
                    client.submit([])
                except Refused as error:
                    print(one['status'], ','.join(str(result['status']) for result in many), str(error).split(':')[0])
            """;

    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(
                TestPostgres.freshDatabase(),
                "http.instances=1",
                "writer.instances=1",
                "bridge.enabled=true",
                "bridge.port=0");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void theNodeJsClientSubmitsFollowsAndHearsRefusals() throws Exception {
        int port = node.server().bridgePort();
        String script = NODE_JS.formatted(CLIENTS.resolve("sluice.mjs").toUri(), port, port);
        assertEquals("201 201,400,201 invalid_batch", run("node", "--input-type=module", "-e", script));
    }

    @Test
    void thePythonClientSubmitsAndHearsRefusals() throws Exception {
        String script = PYTHON.formatted(CLIENTS, node.server().bridgePort());
        assertEquals("201 201,400,201 invalid_batch", run("python3", "-c", script));
    }

    /** What such a program prints. */
    static String run(String... command) throws Exception {
        assumeTrue(isInstalled(command[0]), command[0] + " is not installed");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said);
        return said.strip();
    }

    private static boolean isInstalled(String command) throws InterruptedException {
        try {
            Process version = new ProcessBuilder(command, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
