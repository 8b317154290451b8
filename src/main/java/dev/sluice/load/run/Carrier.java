package dev.sluice.load.run;

import java.util.concurrent.CompletionStage;

/** How the orders of a run travel: over HTTP, or over the event bus. Used on its own loop. */
public interface Carrier {

    /** Everything of the run happens on it. */
    RunLoop loop();

    /** A line that is not open yet; it tells the run what happens to it. */
    Line line(LoadRun run);

    /** Ends what carries, when every line is closed. May be called again; completes on any thread. */
    CompletionStage<Void> close();
}
