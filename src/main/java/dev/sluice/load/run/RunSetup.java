package dev.sluice.load.run;

import dev.sluice.load.LoadSettings;
import dev.sluice.load.history.HistoryWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a run needs, whatever carries its orders; made before it begins. */
public final class RunSetup {

    private static final int RADIX = 36;

    final LoadSettings settings;
    final Duration timeout;
    final RunClock clock;
    final RunRecord record;
    final OrderFeed feed;
    private final OrderDocuments documents;

    private RunSetup(
            LoadSettings settings,
            Duration timeout,
            RunClock clock,
            RunRecord record,
            OrderFeed feed,
            OrderDocuments documents) {
        this.settings = settings;
        this.timeout = timeout;
        this.clock = clock;
        this.record = record;
        this.feed = feed;
        this.documents = documents;
    }

    /**
     * For one run.
     *
     * @param timeout after which a request without an answer counts as lost
     * @param history where to write it, or null for none
     * @param inArrays whether the orders of a request are elements of one JSON array
     * @throws IOException where the history cannot be made
     */
    public static RunSetup of(LoadSettings settings, Duration timeout, @Nullable Path history, boolean inArrays)
            throws IOException {
        SplittableRandom random = new SplittableRandom();
        String tag = tag(random);
        OrderDocuments documents = new OrderDocuments(tag, inArrays);
        HistoryWriter writer = history == null ? null : HistoryWriter.create(history);
        return new RunSetup(
                settings,
                timeout,
                new RunClock(settings, System::nanoTime),
                new RunRecord(settings, tag, documents, writer),
                new OrderFeed(settings.replayShare(), settings.invalidShare(), random),
                documents);
    }

    /** No two runs have the same: the time, and some chance for those that start together. */
    private static String tag(SplittableRandom random) {
        return "l" + Long.toString(System.currentTimeMillis(), RADIX)
                + Long.toString(random.nextInt(RADIX, 1296), RADIX);
    }

    /** The orders that are sent. */
    public OrderDocuments documents() {
        return documents;
    }

    /** There will be no run. */
    public void abandon() {
        record.abandon();
    }

    /** Whether a history is kept, which names the ids of orders. */
    public boolean needsIds() {
        return record.needsIds();
    }
}
