package dev.sluice.load.run;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The requests that lines take in one turn of the loop. At its end the history is written and then they leave: none
 * leaves before its line is in the file. On the event loop of the run.
 */
final class StagedRequests {

    private final RunLoop loop;
    private final RunRecord record;
    private final Consumer<Throwable> onFailure;
    private List<Line> staged = new ArrayList<>();
    private List<Line> leaving = new ArrayList<>();

    /** @param onFailure told where the history cannot be written; then nothing leaves */
    StagedRequests(RunLoop loop, RunRecord record, Consumer<Throwable> onFailure) {
        this.loop = loop;
        this.record = record;
        this.onFailure = onFailure;
    }

    /** The request of what is in the line's shipment. */
    void add(Line line) {
        line.stage();
        if (staged.isEmpty()) {
            loop.execute(this::leave);
        }
        staged.add(line);
    }

    /** What a line takes while another one leaves, is of the next turn. */
    private void leave() {
        try {
            record.write();
        } catch (UncheckedIOException e) {
            onFailure.accept(e);
            return;
        }
        List<Line> now = staged;
        staged = leaving;
        leaving = now;
        now.forEach(Line::flush);
        now.clear();
    }
}
