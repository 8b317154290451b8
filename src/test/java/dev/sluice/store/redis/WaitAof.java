package dev.sluice.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.rig.TcpProxy;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Makes a Redis before 7.2 one that has WAITAOF: passes on command by command, and answers WAITAOF itself, as the test
 * says.
 */
final class WaitAof implements TcpProxy.Behaviour {

    private final List<String> waits = new CopyOnWriteArrayList<>();
    private volatile String answer = synced(1);

    /** What WAITAOF answers: so many local files are synced. */
    static String synced(int local) {
        return "*2\r\n:" + local + "\r\n:0\r\n";
    }

    void answer(String reply) {
        answer = reply;
    }

    /** WAITAOF as it came, with the command before it. */
    List<String> waits() {
        return waits;
    }

    @Override
    public void serve(Socket client, Socket redis) throws IOException {
        InputStream commands = new BufferedInputStream(client.getInputStream());
        InputStream replies = new BufferedInputStream(redis.getInputStream());
        String before = "";
        while (true) {
            ByteArrayOutputStream raw = new ByteArrayOutputStream();
            List<String> words = new ArrayList<>();
            copy(commands, raw, words);
            String command = String.join(" ", words);
            client.getOutputStream().write(reply(command, before, raw.toByteArray(), redis, replies));
            before = command;
        }
    }

    private byte[] reply(String command, String before, byte[] raw, Socket redis, InputStream replies)
            throws IOException {
        String name = command.toUpperCase(Locale.ROOT);
        if (name.equals("COMMAND INFO WAITAOF")) {
            return "*1\r\n*1\r\n$7\r\nwaitaof\r\n".getBytes(UTF_8);
        }
        if (name.startsWith("WAITAOF")) {
            waits.add(before.toUpperCase(Locale.ROOT) + " " + name);
            return answer.getBytes(UTF_8);
        }
        redis.getOutputStream().write(raw);
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        copy(replies, reply, new ArrayList<>());
        return reply.toByteArray();
    }

    /** One value of the protocol, whatever it is made of. */
    private static void copy(InputStream in, OutputStream out, List<String> words) throws IOException {
        String line = line(in, out);
        int size = "$=!*~>%".indexOf(line.charAt(0)) < 0 ? -1 : Integer.parseInt(line.substring(1));
        switch (line.charAt(0)) {
            case '$', '=', '!' -> {
                if (size >= 0) {
                    byte[] bytes = in.readNBytes(size + 2);
                    out.write(bytes);
                    words.add(new String(bytes, 0, size, UTF_8));
                }
            }
            case '*', '~', '>', '%' -> {
                int values = line.charAt(0) == '%' ? 2 * size : size;
                for (int i = 0; i < values; i++) {
                    copy(in, out, words);
                }
            }
            default -> {}
        }
    }

    private static String line(InputStream in, OutputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended");
            }
            line.append((char) c);
        }
        out.write((line + "\n").getBytes(UTF_8));
        return line.substring(0, line.length() - 1);
    }
}
