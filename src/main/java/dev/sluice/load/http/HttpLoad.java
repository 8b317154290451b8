package dev.sluice.load.http;

import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.Tally.Progress;
import dev.sluice.load.history.HistoryWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A load run over HTTP, from the thread that waits for it. It has an event loop of its own, a daemon thread that ends
 * with the run.
 */
public final class HttpLoad {

    private static final int RADIX = 36;

    private final LoadRun run;

    /**
     * A run over HTTP.
     *
     * @param target where to
     * @param settings what every generator is asked
     * @param headers more header lines, {@code Name: value} each
     * @param timeout after which a request without an answer counts as lost, and its connection is closed
     * @param history where to write it, or null for none
     */
    public record Options(
            Target target,
            LoadSettings settings,
            List<String> headers,
            Duration timeout,
            @Nullable Path history) {}

    private HttpLoad(LoadRun run) {
        this.run = run;
    }

    /**
     * Begins a run.
     *
     * @throws IOException where the host has no address or the history cannot be made
     */
    public static HttpLoad start(Options options) throws IOException {
        return start(options, System::nanoTime);
    }

    /** The same by another clock, for tests. */
    static HttpLoad start(Options options, LongSupplier nanos) throws IOException {
        Target target = options.target();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(target.host()), target.port());
        LoadSettings settings = options.settings();
        SplittableRandom random = new SplittableRandom();
        String tag = tag(random);
        OrderTemplates templates = new OrderTemplates(tag, target, options.headers());
        HistoryWriter history = options.history() == null ? null : HistoryWriter.create(options.history());
        LoadRun run = new LoadRun(
                options,
                new Connector(address),
                new RunClock(settings, nanos),
                new RunRecord(settings, tag, templates, history),
                new OrderFeed(settings.replayShare(), settings.invalidShare(), random),
                templates);
        run.start();
        return new HttpLoad(run);
    }

    /** No two runs have the same: the time, and some chance for those that start together. */
    private static String tag(SplittableRandom random) {
        return "l" + Long.toString(System.currentTimeMillis(), RADIX)
                + Long.toString(random.nextInt(RADIX, 1296), RADIX);
    }

    /**
     * Waits for the end.
     *
     * @return the result, or null where it has not come yet
     * @throws Exception what ended the run: {@link java.net.ConnectException} where no connection could be had
     */
    public @Nullable LoadResult await(long ms) throws Exception {
        try {
            return run.result.get(ms, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Ends it early; {@link #await} then gives what ran, marked as interrupted. */
    public void interrupt() {
        if (!run.result.isDone()) {
            run.interrupt();
        }
    }

    /** How far it is. */
    public Progress progress() {
        return run.progress();
    }
}
