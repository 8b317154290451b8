package dev.sluice.load.run;

import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.Schedule;
import dev.sluice.load.Tally.Progress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run under way. Everything in it happens on one event loop; only {@link #start}, {@link #result}, {@link #progress()},
 * {@link #interrupt()} and {@link #abort} are for other threads.
 *
 * <p>In a turn of the loop, answers free lines, free lines take what is due, and at its end that leaves ({@link
 * StagedRequests}). Bounds: one request per line; what is due and finds no line waits in the schedule, as a number.
 */
public final class LoadRun {

    private static final long REOPEN_MS = 100;
    /** Without a schedule a look only moves the phase on. */
    private static final long CLOSED_LOOK_NANOS = 10_000_000;

    private static final long TIMEOUT_SCAN_NANOS = 100_000_000;
    private static final long PAUSE_SECONDS_MAX = 5;
    private static final long INTERRUPTED_TIMEOUT_NANOS = 2_000_000_000L;

    private final CompletableFuture<LoadResult> result = new CompletableFuture<>();
    private final LoadSettings settings;
    private long timeoutNanos;
    private final Carrier carrier;
    private final RunClock clock;
    private final RunRecord record;
    private final OrderFeed feed;
    private final List<Line> lines = new ArrayList<>();
    private final ArrayDeque<Line> idle = new ArrayDeque<>();
    private final StagedRequests staged;
    private final ClientWatch watch = new ClientWatch();
    private Phase phase = Phase.OPENING;
    private Schedule schedule;
    private long plannedLookNanos;
    private long timeoutsScannedNanos;
    private int opened;
    private volatile Progress progress = new Progress(-1, 0, 0, 0);

    private enum Phase {
        OPENING,
        RUNNING,
        /** The measured time is over; late sends and answers still count. */
        DRAINING,
        OVER
    }

    /** A run that has not begun. */
    public LoadRun(RunSetup setup, Carrier carrier) {
        this.settings = setup.settings;
        this.timeoutNanos = setup.timeout.toNanos();
        this.carrier = carrier;
        this.clock = setup.clock;
        this.record = setup.record;
        this.feed = setup.feed;
        this.schedule = clock.notYet();
        this.staged = new StagedRequests(carrier.loop(), record, this::fail);
    }

    /** Opens the lines; the run begins when all are open, and fails where one cannot be. */
    public void start() {
        carrier.loop().execute(this::open);
    }

    private void open() {
        for (int i = 0; i < settings.connections(); i++) {
            Line line = carrier.line(this);
            lines.add(line);
            line.open(this::fail);
        }
    }

    /** The line can take a request. */
    public void opened(Line line) {
        if (phase == Phase.OPENING) {
            idle.add(line);
            opened++;
            if (opened == settings.connections()) {
                begin();
            }
        } else {
            free(line);
        }
    }

    private void begin() {
        watch.read(RunClock.WARM_UP, clock.now()); // it loads a tenth of a second's worth of classes
        schedule = clock.begin();
        watch.read(RunClock.WARM_UP, clock.now());
        record.begin(clock);
        phase = Phase.RUNNING;
        look(clock.now());
    }

    /** The line may take the next request. */
    public void free(Line line) {
        int pauseSeconds = settings.isOpen() ? 0 : line.retryAfterSeconds();
        if (pauseSeconds > 0) {
            later(() -> freed(line), TimeUnit.SECONDS.toMillis(Math.min(pauseSeconds, PAUSE_SECONDS_MAX)));
        } else {
            freed(line);
        }
    }

    private void freed(Line line) {
        idle.add(line);
        send(clock.now());
    }

    private void send(long now) {
        while (!idle.isEmpty() && schedule.isDue(now)) {
            Line line = idle.remove();
            if (line.isFree()) {
                send(line, schedule.take(now), now);
            }
        }
    }

    private void send(Line line, long intended, long now) {
        Shipment shipment = line.shipment();
        feed.fill(shipment, settings.batch());
        shipment.intendedNanos = intended;
        shipment.sentNanos = now;
        shipment.part = clock.part(intended);
        record.sent(shipment);
        staged.add(line);
    }

    /** The answer to the request of a line is there. */
    public void answered(Line line) {
        record.answered(line, clock.now());
        feed.settled(line.shipment());
    }

    /**
     * A line ended.
     *
     * @param lost why the request on its way has no answer and will have none; null where none was on its way
     */
    public void closed(Line line, @Nullable String lost) {
        if (lost != null) {
            record.lost(line.shipment(), lost);
            feed.settled(line.shipment());
        }
        idle.remove(line);
        reopen(line);
    }

    private void reopen(Line line) {
        if (phase != Phase.OVER) {
            line.open(error -> later(() -> reopen(line), REOPEN_MS));
        }
    }

    private void later(Runnable task, long ms) {
        carrier.loop().schedule(task, TimeUnit.MILLISECONDS.toNanos(ms));
    }

    /** Looks at the clock: what is due leaves, what is late is given up, and the phase moves on. */
    private void look(long now) {
        advance(now);
        if (phase != Phase.OVER) {
            send(now);
            planLook(now);
        }
    }

    private void planLook(long now) {
        long next = schedule.nextNanos(now);
        long latest = now + (settings.isOpen() ? ClientWatch.LOOK_NANOS : CLOSED_LOOK_NANOS);
        plannedLookNanos = next - now > 0 && next - latest < 0 ? next : latest;
        carrier.loop().schedule(this::plannedLook, plannedLookNanos - now);
    }

    private void plannedLook() {
        long now = clock.now();
        if (phase == Phase.RUNNING) {
            watch.looked(clock.part(now), plannedLookNanos, now);
        }
        look(now);
    }

    private void advance(long now) {
        if (now - timeoutsScannedNanos > TIMEOUT_SCAN_NANOS) {
            timeoutsScannedNanos = now;
            giveUpLate(now);
            progress = record.progress(clock.measuredSeconds(now));
            readWatch(now);
        }
        if (phase == Phase.RUNNING) {
            record.rollTo(clock.part(now), clock.noLaterThanEnd(now));
            endWhenPast(now);
        } else if (phase == Phase.DRAINING) {
            finishWhenQuiet(now);
        }
    }

    private void giveUpLate(long now) {
        for (Line line : lines) {
            if (line.isWaiting() && now - line.shipment().sentNanos > timeoutNanos) {
                line.giveUp();
            }
        }
    }

    private void readWatch(long now) {
        if (phase == Phase.RUNNING) {
            watch.read(clock.part(now), now);
        }
    }

    private void endWhenPast(long now) {
        if (clock.isPast(now)) {
            readWatch(now);
            phase = Phase.DRAINING;
        }
    }

    /** From any thread: nothing more leaves, and the run ends when what is on its way is answered or 2 s late. */
    public void interrupt() {
        carrier.loop().execute(this::interruptHere);
    }

    private void interruptHere() {
        if (phase == Phase.OPENING) {
            fail(new CancellationException("interrupted before the run began"));
        }
        timeoutNanos = Math.min(timeoutNanos, INTERRUPTED_TIMEOUT_NANOS);
        if (phase == Phase.RUNNING) {
            long now = clock.now();
            clock.interrupt(now);
            schedule.endAt(now);
            advance(now);
        }
    }

    private void finishWhenQuiet(long now) {
        if (schedule.isOver(now) && lines.stream().noneMatch(Line::isWaiting)) {
            finish();
        }
    }

    private void finish() {
        try {
            record.close();
            LoadResult found = record.result(clock, schedule, watch);
            end(() -> result.complete(found));
        } catch (Exception e) {
            fail(e);
        }
    }

    /** From any thread: the run ends without a result. */
    public void abort(Throwable error) {
        carrier.loop().execute(() -> fail(error));
    }

    private void fail(Throwable error) {
        if (phase != Phase.OVER) {
            record.abandon();
        }
        end(() -> result.completeExceptionally(error));
    }

    /** What became of it is told when the carrier has left. */
    private void end(Runnable tell) {
        if (phase == Phase.OVER) {
            return;
        }
        phase = Phase.OVER;
        lines.forEach(Line::close);
        carrier.close().whenComplete((closed, error) -> tell.run());
    }

    /** What it found, or what ended it; completed on any thread. */
    public CompletionStage<LoadResult> result() {
        return result;
    }

    /** For any thread. */
    public Progress progress() {
        return progress;
    }
}
