package dev.sluice.rig;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** HAProxy or nginx before a node or a cluster, with connections that are kept, on a port of its own. */
public final class Proxy implements AutoCloseable {

    private static final String HAPROXY = """
            defaults
                mode http
                timeout connect 1s
                timeout client 60s
                timeout server 30s
                timeout http-keep-alive 60s
            frontend orders
                bind 127.0.0.1:PORT
                default_backend nodes
            backend nodes
                http-reuse safe
                server node 127.0.0.1:NODE
            """;

    private static final String NGINX = """
            daemon off;
            pid FOLDER/pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path FOLDER/body;
                proxy_temp_path FOLDER/proxy;
                fastcgi_temp_path FOLDER/fastcgi;
                uwsgi_temp_path FOLDER/uwsgi;
                scgi_temp_path FOLDER/scgi;
                client_max_body_size 9m;
                client_body_buffer_size 9m;
                upstream node { server 127.0.0.1:NODE; keepalive 16; }
                server {
                    listen 127.0.0.1:PORT;
                    location / {
                        proxy_pass http://node;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                    }
                }
            }
            """;

    private final Process process;
    private final Path folder;
    private final int port;

    private Proxy(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Skips the test where there is none. */
    public static Proxy haproxy(int node) throws IOException {
        return start("haproxy", List.of("-f"), HAPROXY.replace("NODE", Integer.toString(node)));
    }

    /** As {@code cluster/haproxy.cfg} has it, before three nodes: port of the order API and of the admin listener, each. */
    public static Proxy haproxyBefore(int[] ports, int[] adminPorts) throws IOException {
        String configuration =
                Files.readString(Path.of("cluster/haproxy.cfg")).replaceFirst("bind .*", "bind 127.0.0.1:PORT");
        for (int i = 0; i < ports.length; i++) {
            configuration = configuration.replace(
                    "10.0.0.1" + (i + 1) + ":8080 port 9090", "127.0.0.1:" + ports[i] + " port " + adminPorts[i]);
        }
        return start("haproxy", List.of("-f"), configuration);
    }

    public static Proxy nginx(int node) throws IOException {
        return start("nginx", List.of("-e", "stderr", "-c"), NGINX.replace("NODE", Integer.toString(node)));
    }

    private static Proxy start(String name, List<String> flags, String configuration) throws IOException {
        Path program = Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(program != null, "no " + name + " here: apt-get install " + name);
        Path folder = Files.createTempDirectory("sluice-" + name);
        int port = Ports.free();
        Path file = Files.writeString(
                folder.resolve("conf"),
                configuration.replace("PORT", Integer.toString(port)).replace("FOLDER", folder.toString()));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(flags);
        command.add(file.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Proxy proxy = new Proxy(process, folder, port);
        Await.until(name, () -> proxy.listens() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(Files.readString(folder.resolve("log")));
        }
        return proxy;
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().join();
        Folders.deleteTree(folder);
    }
}
