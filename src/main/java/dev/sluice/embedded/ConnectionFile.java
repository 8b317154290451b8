package dev.sluice.embedded;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Properties;

/**
 * The port and password chosen at the first start, kept (mode 600) so that a psql or redis-cli line outlives a
 * restart.
 *
 * @param file where it is kept; without its {@code port} line a new port is chosen
 * @param port on 127.0.0.1
 * @param password URL-safe
 * @param server its name, for messages
 */
record ConnectionFile(Path file, int port, String password, String server) {

    /** Below the range that Linux takes client ports from (32768 and up): those come and go. */
    private static final int PORT_MIN = 20_000;

    private static final int PORT_MAX = 32_767;
    private static final int TRIES_MAX = 200;

    /** A killed server is seen to be gone a moment before the kernel has closed its sockets. */
    private static final Duration FREEING_LIMIT = Duration.ofSeconds(1);

    private static final int PASSWORD_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The kept one, or a new one, kept. */
    static ConnectionFile of(Path home, String server) {
        Path file = home.resolve("connection.properties");
        try {
            Properties kept = read(file);
            String password = kept.getProperty("password");
            String port = kept.getProperty("port");
            ConnectionFile connection = new ConnectionFile(
                    file,
                    port == null ? freePort(server) : Integer.parseInt(port.strip()),
                    password == null ? newPassword() : password.strip(),
                    server);
            if (password == null || port == null) {
                connection.keep();
            }
            return connection;
        } catch (IOException | NumberFormatException e) {
            throw new BundledServerException(
                    "cannot use " + file + " (" + e + "): delete its port line to have another port chosen", e);
        }
    }

    /** @throws BundledServerException when another process listens there; that server is never used */
    void requireFree() {
        if (!ServerProcesses.await(() -> isFree(port), FREEING_LIMIT)) {
            throw taken();
        }
    }

    BundledServerException taken() {
        return new BundledServerException(
                "port 127.0.0.1:" + port + " of the bundled " + server + " is taken by another"
                        + " process (`ss -ltnp 'sport = :" + port
                        + "'` shows which): stop that one, or delete the port line in "
                        + file + " to have another port chosen");
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        return properties;
    }

    private void keep() throws IOException {
        KeptFiles.writeSecret(
                file,
                "# The bundled " + server
                        + "'s; kept across restarts. Without the port line a new port is chosen.\nport=" + port
                        + "\npassword=" + password + "\n");
    }

    private static int freePort(String server) {
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = PORT_MIN + RANDOM.nextInt(PORT_MAX - PORT_MIN + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new BundledServerException("found no free port between " + PORT_MIN + " and " + PORT_MAX
                + " on 127.0.0.1 for the bundled " + server);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** IPv4, whatever the JVM takes for its loopback address. */
    static InetSocketAddress address(int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    private static String newPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(bytes);
        return new String(Base64.getUrlEncoder().withoutPadding().encode(bytes), StandardCharsets.US_ASCII);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return file + " (port " + port + ")";
    }
}
