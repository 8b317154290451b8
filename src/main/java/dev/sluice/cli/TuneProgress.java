package dev.sluice.cli;

import dev.sluice.log.LogSetup;
import dev.sluice.tune.TuneRun;
import dev.sluice.tune.search.Measurement;
import dev.sluice.tune.search.Slo;
import dev.sluice.tune.search.Trial;
import java.io.PrintWriter;
import java.util.Locale;

/** How far a tuning is, on stderr: a line for each trial; on a terminal the one under way too, written over. */
final class TuneProgress implements TuneRun.Watcher {

    private static final String ERASE = "\r\033[K";

    /** A line that a terminal breaks cannot be erased. */
    private static final int COLUMNS = 79;

    private final PrintWriter err;
    private final Slo slo;
    private final boolean terminal = LogSetup.stderrIsTerminal();

    TuneProgress(PrintWriter err, Slo slo) {
        this.err = err;
        this.slo = slo;
    }

    @Override
    public void begins(Trial trial, long leftMs) {
        if (terminal) {
            String line = line(trial, leftMs);
            err.print(ERASE + line.substring(0, Math.min(line.length(), COLUMNS - 2)) + " …");
            err.flush();
        }
    }

    @Override
    public void ended(Trial trial, Measurement measurement, long leftMs) {
        String why = measurement.why(slo, trial.rate());
        String came = why.isEmpty()
                ? String.format(Locale.ROOT, "met, %s %.1f ms", slo.measure(), measurement.latencyMs())
                : "missed: " + why.lines().findFirst().orElse("");
        err.println((terminal ? ERASE : "") + line(trial, leftMs) + ": " + came);
        err.flush();
    }

    private static String line(Trial trial, long leftMs) {
        long left = Math.max(0, leftMs / 1_000);
        return String.format(
                Locale.ROOT,
                "%d:%02d left, %s, %s, %,d orders/s",
                left / 60,
                left % 60,
                trial.phase().text(),
                trial.candidate(),
                trial.rate());
    }
}
