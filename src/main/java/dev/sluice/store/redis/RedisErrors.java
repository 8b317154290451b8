package dev.sluice.store.redis;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFailure.Kind;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an error of the client or of the server says about the commands that were to be sent. */
final class RedisErrors {

    /** The client's own refusals: it wrote nothing. */
    private static final List<String> NOT_WRITTEN = List.of("Connection is closed", "Redis waiting queue is full");

    /** A transaction that the server refused as a whole. */
    private static final String ABORTED = "EXECABORT";

    private static final String FULL = "the overflow's Redis has no memory left (maxmemory)";

    private static final String OUT_OF_MEMORY = "OOM command not allowed";

    /** Errors that a new connection, with its checks and its consumer group, may cure. */
    private static final Pattern RECONNECT = Pattern.compile("\\b(NOGROUP|READONLY|MASTERDOWN|NOAUTH|UNBLOCKED)\\b");

    /** The client numbers the errors of a batch: {@code ERR [3] OOM command not allowed …}. */
    private static final Pattern FIRST = Pattern.compile("^(?:ERR )?\\[\\d+] (.*)", Pattern.MULTILINE);

    /** What an error of the server begins with; the rest may name users, keys and hosts. */
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9]*\\b");

    private RedisErrors() {}

    static StoreFailure failureOf(Throwable error) {
        String message = String.valueOf(error.getMessage());
        boolean surelyNothing = NOT_WRITTEN.contains(message) || message.contains(ABORTED);
        Kind kind = surelyNothing ? Kind.NOT_STORED : Kind.UNKNOWN;
        return isFull(error) ? new StoreFailure(kind, FULL) : new RedisFailure(kind, first(message));
    }

    /** The failure of a command in a transaction, which does not undo the others. */
    static StoreFailure failureOf(Response error) {
        return new RedisFailure(Kind.UNKNOWN, error.toString());
    }

    /** An error of which clients hear the code alone. */
    private static final class RedisFailure extends StoreFailure {

        private static final long serialVersionUID = 1L;

        RedisFailure(Kind kind, String said) {
            super(kind, reason(CODE.matcher(said)), "Redis: " + said);
        }

        private static String reason(Matcher code) {
            return code.lookingAt() ? "Redis answered " + code.group() : "the connection to Redis was lost";
        }
    }

    static boolean wantsNewConnection(Throwable error) {
        return RECONNECT.matcher(String.valueOf(error.getMessage())).find();
    }

    /** Out of memory: it takes nothing, and queues nothing in a transaction, be it only to delete. */
    static boolean isFull(Throwable error) {
        String message = String.valueOf(error.getMessage());
        return message.contains(OUT_OF_MEMORY) || message.equals(FULL);
    }

    private static String first(String message) {
        Matcher matcher = FIRST.matcher(message);
        return matcher.find() ? String.valueOf(matcher.group(1)) : message;
    }
}
