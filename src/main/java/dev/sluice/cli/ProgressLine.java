package dev.sluice.cli;

import dev.sluice.load.LoadSettings;
import dev.sluice.load.Tally.Progress;
import dev.sluice.log.LogSetup;
import java.io.PrintWriter;
import java.util.Locale;

/** One line on stderr that is written over while a run goes on; nothing where stderr is no terminal. */
final class ProgressLine implements AutoCloseable {

    private static final int WIDTH = 20;

    /** A line that a terminal breaks cannot be erased. */
    private static final int COLUMNS = 79;

    private static final String ERASE = "\r\033[K";

    private final PrintWriter err;
    private final LoadSettings settings;
    private final boolean visible = LogSetup.stderrIsTerminal();

    ProgressLine(PrintWriter err, LoadSettings settings) {
        this.err = err;
        this.settings = settings;
    }

    void show(Progress progress) {
        if (visible) {
            String text = text(progress);
            err.print(ERASE + text.substring(0, Math.min(text.length(), COLUMNS)));
            err.flush();
        }
    }

    /** The line, without what moves the cursor. */
    String text(Progress progress) {
        if (progress.elapsedSeconds() < 0) {
            return String.format(Locale.ROOT, "warming up, %.0f s left", -progress.elapsedSeconds());
        }
        double total = settings.duration().toNanos() / 1e9;
        int done = (int) Math.round(WIDTH * Math.min(1, progress.elapsedSeconds() / total));
        return String.format(
                Locale.ROOT,
                "[%s%s] %.0f of %.0f s, %,.0f orders/s, p99 %.1f ms, %,d errors",
                "#".repeat(done),
                ".".repeat(WIDTH - done),
                progress.elapsedSeconds(),
                total,
                progress.acknowledged() / Math.max(0.1, progress.elapsedSeconds()),
                progress.p99Ms(),
                progress.errors());
    }

    @Override
    public void close() {
        if (visible) {
            err.print(ERASE);
            err.flush();
        }
    }
}
