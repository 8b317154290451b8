package dev.sluice.tune;

import dev.sluice.load.LoadResult;
import dev.sluice.load.http.Target;
import dev.sluice.tune.search.Budget;
import dev.sluice.tune.search.Candidate;
import dev.sluice.tune.search.Measurement;
import dev.sluice.tune.search.Trial;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures trials: brings a node to the setting, warms it (once, and shortly after a change to it), empties the table
 * before a setting's first rate, loads it, and counts the rows. Blocks; one thread.
 */
final class Bench {

    private static final Logger LOG = LoggerFactory.getLogger(Bench.class);

    private final Nodes nodes;
    private final TrialLoad load;
    private final ScratchRows rows;
    private final Budget budget;
    private @Nullable Candidate last;

    Bench(Nodes nodes, TrialLoad load, ScratchRows rows, Budget budget) {
        this.nodes = nodes;
        this.load = load;
        this.rows = rows;
        this.budget = budget;
    }

    /** What the trial finds; a setting that no node comes up with is a finding too. */
    Measurement measure(Trial trial) throws Exception {
        try {
            return load(ready(trial.candidate()), trial.rate());
        } catch (ChildNode.Failed | IOException | CancellationException e) {
            LOG.debug("{} cannot be measured", trial, e);
            last = null;
            return Measurement.broken(String.valueOf(e.getMessage()));
        }
    }

    private ChildNode ready(Candidate candidate) throws Exception {
        Nodes.Ready ready = nodes.at(candidate);
        ChildNode node = ready.node();
        boolean turned = !candidate.equals(last);
        switch (ready.how()) {
            case STARTED -> load.warm(Target.parse(node.api()), budget.warmMs());
            case CHANGED -> load.warm(Target.parse(node.api()), budget.settleMs());
            case AS_IT_WAS -> {
                if (turned) {
                    load.warm(Target.parse(node.api()), budget.settleMs());
                }
            }
        }
        if (turned) {
            rows.empty();
        }
        last = candidate;
        return node;
    }

    private Measurement load(ChildNode node, long rate) throws Exception {
        long before = rows.count();
        node.busy(); // their window begins here
        LoadResult result = load.measure(Target.parse(node.api()), rate);
        Map<String, Double> busy = node.busy();
        long stored = rows.count() - before;
        return load.measurement(result, Math.max(0, result.counts().acknowledged() - stored), busy);
    }
}
