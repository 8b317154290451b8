package dev.sluice.node;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.UnfitStoreException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Why connections to one store could not be made. Many are tried at a time and fail in different ways, so what weighs
 * more stays: that the server takes no orders as it is, until a connection stands; any other answer before silence, for a
 * while. Not thread safe; time comes in as an argument.
 */
final class Refusals {

    /** A first silence may be that of a cold machine; a start without that store waits so long for another word. */
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** How long an answer outranks silence. */
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How often it is said again that a server takes no orders as it is. */
    static final long SAID_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private String reason = "not tried yet";
    private boolean unfit;
    private boolean silent;
    private long silentSinceNanos;
    private boolean answered;
    private boolean byServer;
    private long answeredNanos;
    private boolean said;
    private long saidNanos;

    /** One more. */
    void add(Throwable error, long nowNanos) {
        if (error instanceof UnfitStoreException) {
            said = said && reason.equals(error.getMessage());
            unfit = true;
            reason = String.valueOf(error.getMessage());
        } else if (error instanceof TimeoutException) {
            silentSinceNanos = silent ? silentSinceNanos : nowNanos;
            silent = true;
            boolean outranked = unfit || (answered && nowNanos - answeredNanos < ANSWER_NANOS);
            reason = outranked ? reason : String.valueOf(error.getMessage());
        } else {
            answered = true;
            byServer = error instanceof StoreFailure;
            answeredNanos = nowNanos;
            reason = unfit ? reason : String.valueOf(error.getMessage());
        }
    }

    /** A connection stands; what was heard before weighs nothing. */
    void clear() {
        unfit = false;
        silent = false;
        answered = false;
        byServer = false;
        said = false;
    }

    /** What weighs most, for the log, {@code /readyz} and the banner. */
    String reason() {
        return reason;
    }

    /** The same where the server itself said it; null where nothing answers at its address. */
    @Nullable
    String ofTheServer() {
        return unfit || byServer ? reason : null;
    }

    /** Whether the server takes no orders as it is. */
    boolean isUnfit() {
        return unfit;
    }

    /** Whether enough was heard to start without that store. */
    boolean isEnough(long nowNanos) {
        return answered || unfit || (silent && nowNanos - silentSinceNanos >= SILENCE_NANOS);
    }

    /** Whether it is time to say, once more, that the server takes no orders as it is; then it counts as said. */
    boolean isToBeSaid(long nowNanos) {
        boolean due = unfit && (!said || nowNanos - saidNanos >= SAID_AGAIN_NANOS);
        saidNanos = due ? nowNanos : saidNanos;
        said |= due;
        return due;
    }
}
