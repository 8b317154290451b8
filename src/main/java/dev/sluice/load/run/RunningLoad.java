package dev.sluice.load.run;

import dev.sluice.load.LoadResult;
import dev.sluice.load.Tally.Progress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A load run, from the thread that waits for it. Its methods may be called on any thread. */
public class RunningLoad {

    private static final Progress NONE = new Progress(-1, 0, 0, 0);

    private final CompletableFuture<LoadRun> begun;
    private final CompletableFuture<LoadResult> result;

    /** @param begun the run, once its carrier is there */
    protected RunningLoad(CompletionStage<LoadRun> begun) {
        this.begun = begun.toCompletableFuture();
        this.result = this.begun.thenCompose(LoadRun::result);
    }

    /**
     * Waits for the end.
     *
     * @return the result, or null where it has not come yet
     * @throws Exception what ended the run: {@link java.net.ConnectException} where no node could be reached
     */
    public @Nullable LoadResult await(long ms) throws Exception {
        try {
            return result.get(ms, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Ends it early; {@link #await} then gives what ran, marked as interrupted. */
    @SuppressWarnings("FutureReturnValueIgnored") // what fails the run fails its result
    public void interrupt() {
        if (!result.isDone()) {
            begun.thenAccept(LoadRun::interrupt);
        }
    }

    /** How far it is. */
    public Progress progress() {
        boolean runs = begun.isDone() && !begun.isCompletedExceptionally();
        return runs ? begun.join().progress() : NONE;
    }
}
