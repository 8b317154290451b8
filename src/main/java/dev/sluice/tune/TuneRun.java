package dev.sluice.tune;

import dev.sluice.tune.search.Budget;
import dev.sluice.tune.search.CoordinateSearch;
import dev.sluice.tune.search.Measurement;
import dev.sluice.tune.search.Slo;
import dev.sluice.tune.search.Trial;
import dev.sluice.tune.search.TuneResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A search under way: trial after trial, until it has found, its budget is over, or it is stopped. */
public final class TuneRun {

    private final Setup setup;
    private final CoordinateSearch search;
    private final Watcher watcher;
    private final long beganNanos;
    private volatile boolean stopped;

    /**
     * What a run works with.
     *
     * @param command of a JVM that runs Sluice, up to the verb
     * @param folder for files of the run, for this user alone
     * @param connections of the generator
     */
    public record Setup(
            Slo slo,
            Budget budget,
            List<String> command,
            Path folder,
            ChildConfig config,
            ScratchRows rows,
            int connections) {}

    /** Hears how far a run is, on its thread. */
    public interface Watcher {

        /** A trial begins. */
        void begins(Trial trial, long leftMs);

        /** It has ended. */
        void ended(Trial trial, Measurement measurement, long leftMs);
    }

    /** @param beganNanos when the budget began: what was done before this object was made counts too */
    public TuneRun(Setup setup, CoordinateSearch search, Watcher watcher, long beganNanos) {
        this.setup = setup;
        this.search = search;
        this.watcher = watcher;
        this.beganNanos = beganNanos;
    }

    /** Measures to the end. Blocks. */
    public TuneResult run() throws Exception {
        TrialLoad load = new TrialLoad(setup.slo(), setup.budget(), setup.connections(), this::isOver);
        try (Nodes nodes = new Nodes(setup.command(), setup.folder(), setup.config(), this::isOver)) {
            Bench bench = new Bench(nodes, load, setup.rows(), setup.budget());
            Optional<Trial> trial = search.next(passedMs());
            while (trial.isPresent() && !isOver()) {
                measure(bench, trial.get());
                trial = isOver() ? Optional.empty() : search.next(passedMs());
            }
        }
        search.stop(stopped ? TuneResult.End.STOPPED : TuneResult.End.BUDGET_OVER);
        return search.result();
    }

    /** What was cut off by the end of the run says nothing. */
    private void measure(Bench bench, Trial trial) throws Exception {
        watcher.begins(trial, leftMs());
        Measurement measurement = bench.measure(trial);
        if (!isOver()) {
            search.add(measurement, passedMs());
            watcher.ended(trial, measurement, leftMs());
        }
    }

    /** Ends it soon, with what is known by then; any thread. */
    public void stop() {
        stopped = true;
    }

    private boolean isOver() {
        return stopped || passedMs() >= setup.budget().endMs();
    }

    private long leftMs() {
        return setup.budget().totalMs() - passedMs();
    }

    private long passedMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }
}
