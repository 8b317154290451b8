package dev.sluice.load.http;

import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.Schedule;
import dev.sluice.load.Tally.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A run under way. Everything in it happens on one event loop; only {@link #result} and {@link #progress()} are for
 * other threads.
 *
 * <p>In a turn of the loop, answers free connections, free connections take what is due, and at its end the history is
 * written and the sockets are flushed, in this order: nothing leaves before its line is in the file. Bounds: one
 * request per connection; what is due and finds no connection waits in the schedule, as a number.
 */
final class LoadRun {

    private static final long RECONNECT_MS = 100;
    /** Without a schedule a look only moves the phase on. */
    private static final long CLOSED_LOOK_NANOS = 10_000_000;

    private static final long TIMEOUT_SCAN_NANOS = 100_000_000;
    private static final long PAUSE_SECONDS_MAX = 5;
    private static final long INTERRUPTED_TIMEOUT_NANOS = 2_000_000_000L;

    /** Completed on the event loop. */
    final CompletableFuture<LoadResult> result = new CompletableFuture<>();

    private final LoadSettings settings;
    private long timeoutNanos;
    final Connector connector;
    private final RunClock clock;
    private final RunRecord record;
    private final OrderFeed feed;
    private final OrderTemplates templates;
    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();
    private final ArrayList<LoadConnection> dirty = new ArrayList<>();
    private final ClientWatch watch = new ClientWatch();
    private Phase phase = Phase.CONNECTING;
    private Schedule schedule;
    private long plannedLookNanos;
    private long timeoutsScannedNanos;
    private int opened;
    private volatile Progress progress = new Progress(-1, 0, 0, 0);

    private enum Phase {
        CONNECTING,
        RUNNING,
        /** The measured time is over; late sends and answers still count. */
        DRAINING,
        OVER
    }

    LoadRun(
            HttpLoad.Options options,
            Connector connector,
            RunClock clock,
            RunRecord record,
            OrderFeed feed,
            OrderTemplates templates) {
        this.settings = options.settings();
        this.timeoutNanos = options.timeout().toNanos();
        this.connector = connector;
        this.clock = clock;
        this.record = record;
        this.feed = feed;
        this.templates = templates;
        this.schedule = clock.notYet();
    }

    /** Opens the connections; the run begins when all are there, and fails where one cannot be had. */
    void start() {
        connector.loop().execute(this::connect);
    }

    private void connect() {
        for (int i = 0; i < settings.connections(); i++) {
            LoadConnection connection = new LoadConnection(this, settings.batch(), record.needsIds());
            connections.add(connection);
            connector.connect(connection, this::fail);
        }
    }

    void opened(LoadConnection connection) {
        if (phase == Phase.CONNECTING) {
            idle.add(connection);
            opened++;
            if (opened == settings.connections()) {
                begin();
            }
        } else {
            free(connection);
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

    /** The connection may take the next request. */
    void free(LoadConnection connection) {
        int pauseSeconds = settings.isOpen() ? 0 : connection.response().retryAfterSeconds();
        if (pauseSeconds > 0) {
            later(() -> freed(connection), TimeUnit.SECONDS.toMillis(Math.min(pauseSeconds, PAUSE_SECONDS_MAX)));
        } else {
            freed(connection);
        }
    }

    private void freed(LoadConnection connection) {
        idle.add(connection);
        send(clock.now());
    }

    private void send(long now) {
        while (!idle.isEmpty() && schedule.isDue(now)) {
            LoadConnection connection = idle.remove();
            if (connection.isFree()) {
                send(connection, schedule.take(now), now);
            }
        }
    }

    private void send(LoadConnection connection, long intended, long now) {
        Shipment shipment = connection.shipment();
        feed.fill(shipment, settings.batch());
        shipment.intendedNanos = intended;
        shipment.sentNanos = now;
        shipment.part = clock.part(intended);
        record.sent(shipment);
        ByteBuf request =
                settings.batch() == 1 ? templates.single(shipment, allocator) : templates.batch(shipment, allocator);
        connection.send(request);
        if (dirty.isEmpty()) {
            connector.loop().execute(this::endOfTurn);
        }
        dirty.add(connection);
    }

    /** Lines first, then bytes. */
    private void endOfTurn() {
        try {
            record.write();
        } catch (UncheckedIOException e) {
            fail(e);
            return;
        }
        dirty.forEach(LoadConnection::flush);
        dirty.clear();
    }

    /** A response is complete. */
    void answered(LoadConnection connection) {
        record.answered(connection.shipment(), connection.response(), clock.now());
        feed.settled(connection.shipment());
    }

    /** A connection ended, with a request on its way or without. */
    void closed(LoadConnection connection, boolean lost) {
        if (lost) {
            record.lost(connection.shipment(), connection.isTimedOut() ? "timeout" : "lost");
            feed.settled(connection.shipment());
        }
        idle.remove(connection);
        reconnect(connection);
    }

    private void reconnect(LoadConnection connection) {
        if (phase != Phase.OVER) {
            connector.connect(connection, error -> later(() -> reconnect(connection), RECONNECT_MS));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is never cancelled
    private void later(Runnable task, long ms) {
        connector.loop().schedule(task, ms, TimeUnit.MILLISECONDS);
    }

    /** Looks at the clock: what is due leaves, what is late is given up, and the phase moves on. */
    private void look(long now) {
        advance(now);
        if (phase != Phase.OVER) {
            send(now);
            planLook(now);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // there is always the next one
    private void planLook(long now) {
        long next = schedule.nextNanos(now);
        long latest = now + (settings.isOpen() ? ClientWatch.LOOK_NANOS : CLOSED_LOOK_NANOS);
        plannedLookNanos = next - now > 0 && next - latest < 0 ? next : latest;
        connector.loop().schedule(this::plannedLook, plannedLookNanos - now, TimeUnit.NANOSECONDS);
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
            connections.forEach(connection -> connection.giveUpWhenLate(now, timeoutNanos));
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
    void interrupt() {
        connector.loop().execute(this::interruptHere);
    }

    private void interruptHere() {
        if (phase == Phase.CONNECTING) {
            fail(new CancellationException("interrupted before every connection was there"));
        } else if (phase == Phase.RUNNING) {
            long now = clock.now();
            clock.interrupt(now);
            schedule.endAt(now);
            timeoutNanos = Math.min(timeoutNanos, INTERRUPTED_TIMEOUT_NANOS);
            advance(now);
        }
    }

    private void finishWhenQuiet(long now) {
        if (schedule.isOver(now) && connections.stream().noneMatch(LoadConnection::isWaiting)) {
            finish();
        }
    }

    private void finish() {
        try {
            record.close();
            result.complete(record.result(clock, schedule, watch));
            end();
        } catch (Exception e) {
            fail(e);
        }
    }

    /** Ends the run without a result. */
    private void fail(Throwable error) {
        result.completeExceptionally(error);
        end();
    }

    private void end() {
        phase = Phase.OVER;
        connections.forEach(LoadConnection::close);
        connector.close();
    }

    /** For any thread. */
    Progress progress() {
        return progress;
    }
}
