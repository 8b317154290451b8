package dev.sluice.load.verify;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Hashes of one Redis server, read by SCAN and HSCAN over one blocking connection. */
final class RedisHashes implements Hashes {

    private static final int CONNECT_MS = 5_000;
    private static final int ANSWER_MS = 30_000;
    private static final String COUNT = "1000";

    private final Socket socket;
    private final Resp resp;

    private RedisHashes(Socket socket) throws IOException {
        this.socket = socket;
        this.resp = new Resp(socket.getInputStream(), socket.getOutputStream());
    }

    /** @throws IOException where there is none, or it lets nobody in; {@link java.net.ConnectException} where refused */
    static RedisHashes connect(RedisAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MS);
            socket.setSoTimeout(ANSWER_MS);
            RedisHashes redis = new RedisHashes(address.tls() ? tls(socket, address) : socket);
            redis.login(address);
            return redis;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket tls(Socket plain, RedisAddress address) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secured = (SSLSocket) factory.createSocket(plain, address.host(), address.port(), true);
        var parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        return secured;
    }

    private void login(RedisAddress address) throws IOException {
        String password = address.password();
        String user = address.user();
        if (password != null && user != null) {
            resp.call("AUTH", user, password);
        } else if (password != null) {
            resp.call("AUTH", password);
        }
        if (address.database() != 0) {
            resp.call("SELECT", Integer.toString(address.database()));
        }
        resp.call("PING");
    }

    @Override
    public List<String> keys(String glob) throws IOException {
        TreeSet<String> keys = new TreeSet<>();
        String cursor = "0";
        do {
            List<?> page = list(resp.call("SCAN", cursor, "MATCH", glob, "COUNT", COUNT), 2);
            cursor = text(page.get(0));
            for (Object key : list(page.get(1), 0)) {
                keys.add(text(key));
            }
        } while (!cursor.equals("0"));
        return new ArrayList<>(keys);
    }

    @Override
    public void fields(String key, Fields fields) throws IOException {
        String cursor = "0";
        do {
            List<?> page = list(resp.call("HSCAN", key, cursor, "COUNT", COUNT), 2);
            cursor = text(page.get(0));
            List<?> pairs = list(page.get(1), 0);
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                fields.found(text(pairs.get(i)), bytes(pairs.get(i + 1)));
            }
        } while (!cursor.equals("0"));
    }

    private static List<?> list(@Nullable Object reply, int sizeMin) throws IOException {
        if (reply instanceof List<?> list && list.size() >= sizeMin) {
            return list;
        }
        throw new IOException("Redis answered something else than a list");
    }

    private static byte[] bytes(@Nullable Object reply) throws IOException {
        if (reply instanceof byte[] bytes) {
            return bytes;
        }
        throw new IOException("Redis answered something else than text");
    }

    private static String text(@Nullable Object reply) throws IOException {
        return new String(bytes(reply), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
