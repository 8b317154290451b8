package dev.sluice.load.run;

/** The one event loop that everything of a run happens on. Any thread may call it. */
public interface RunLoop {

    /** Runs it behind what the loop has to do already. */
    void execute(Runnable task);

    /** Runs it after so many nanoseconds. */
    void schedule(Runnable task, long delayNanos);
}
