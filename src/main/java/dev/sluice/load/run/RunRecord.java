package dev.sluice.load.run;

import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadResult.Client;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.Schedule;
import dev.sluice.load.Tally;
import dev.sluice.load.Tally.Progress;
import dev.sluice.load.history.HistoryWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run notes: every order in its history, those of the measured part in its tally. On the event loop. */
final class RunRecord implements AnswerReader.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(RunRecord.class);

    private final LoadSettings settings;
    private final String tag;
    private final OrderDocuments documents;
    private final @Nullable HistoryWriter history;
    private final AnswerReader answers = new AnswerReader();
    private final byte[] clientOrderId;
    private final boolean[] heard;
    private final Tally[] tallies = {new Tally(0, 0), new Tally(0, 0)};
    private final long[] lastAnswersNanos = new long[tallies.length];
    private @Nullable UncheckedIOException failed;
    private Shipment shipment = new Shipment(0);
    private boolean anyAcknowledged;

    RunRecord(LoadSettings settings, String tag, OrderDocuments documents, @Nullable HistoryWriter history) {
        this.settings = settings;
        this.tag = tag;
        this.documents = documents;
        this.history = history;
        this.clientOrderId = documents.clientOrderId();
        this.heard = new boolean[settings.batch()];
    }

    void begin(RunClock clock) {
        tallies[RunClock.WARM_UP] = new Tally(clock.startNanos(), clock.measuredFromNanos() - clock.startNanos());
        tallies[RunClock.MEASURED] = new Tally(clock.measuredFromNanos(), clock.measuredNanos());
    }

    boolean needsIds() {
        return history != null;
    }

    /** The orders are about to leave; {@link #write} tells where they must not. */
    void sent(Shipment leaving) {
        tallyOf(leaving).offered(leaving.size());
        if (history == null || failed != null) {
            return;
        }
        try {
            for (int i = 0; i < leaving.size(); i++) {
                sent(history, leaving, i);
            }
        } catch (UncheckedIOException e) {
            failed = e;
        }
    }

    private void sent(HistoryWriter to, Shipment leaving, int i) {
        long number = leaving.number(i);
        OrderDocuments.putDigits(clientOrderId, clientOrderId.length - OrderDocuments.DIGITS, number);
        to.sent(leaving.seq(i), clientOrderId, documents.fingerprint(leaving.kind(i), number));
    }

    /**
     * What warm-up brings is counted too, and dropped: code that first ran when the measured part began would be
     * compiled in it.
     */
    private Tally tallyOf(Shipment of) {
        return tallies[of.part];
    }

    /** What was noted reaches the file; an {@link UncheckedIOException} where it did not, now or before. */
    void write() {
        if (failed != null) {
            throw failed;
        }
        if (history != null) {
            history.write();
        }
    }

    /** The line has an answer. */
    void answered(Line line, long nowNanos) {
        Shipment of = line.shipment();
        shipment = of;
        anyAcknowledged = false;
        Arrays.fill(heard, false);
        line.tell(answers, this);
        missing();
        if (anyAcknowledged) {
            lastAnswersNanos[of.part] = nowNanos;
            tallyOf(of).latency(nowNanos - of.intendedNanos);
        }
    }

    @Override
    public void answered(int i, String answer, int status, boolean replayed, String id) {
        if (heard[i]) {
            return;
        }
        heard[i] = true;
        anyAcknowledged |= Tally.isAcknowledged(status);
        if (history != null && failed == null) {
            noted(history, i, answer, id);
        }
        tallyOf(shipment).answered(answer, status, replayed, shipment.kind(i) == Shipment.Kind.INVALID);
    }

    private void noted(HistoryWriter to, int i, String answer, String id) {
        try {
            to.answered(shipment.seq(i), answer, id.isEmpty() ? HistoryWriter.NONE : id);
        } catch (UncheckedIOException e) {
            failed = e;
        }
    }

    private void missing() {
        for (int i = 0; i < shipment.size(); i++) {
            if (!heard[i]) {
                tallyOf(shipment).answered("unanswered", 0, false, false);
            }
        }
    }

    /** No answer will come; in the history that is silence. */
    void lost(Shipment of, String why) {
        for (int i = 0; i < of.size(); i++) {
            tallyOf(of).answered(why, 0, false, false);
        }
    }

    /** @param part that it is now */
    void rollTo(int part, long nowNanos) {
        tallies[part].rollTo(nowNanos);
    }

    private Tally measured() {
        return tallies[RunClock.MEASURED];
    }

    Progress progress(double elapsedSeconds) {
        return measured().progress(elapsedSeconds);
    }

    void close() throws IOException {
        write();
        if (history != null) {
            history.close();
        }
    }

    /** The run has no result; its history stays where anything was sent. */
    void abandon() {
        try {
            if (history != null) {
                history.abandon();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("the history ends where it is", e);
        }
    }

    LoadResult result(RunClock clock, Schedule schedule, ClientWatch watch) {
        Tally tally = measured();
        Client client = watch.client(tally.offered(), clock.measuredNanos());
        return new LoadResult(
                settings,
                tag,
                clock.startedAt(),
                seconds(clock),
                tally.counts(schedule.late(), schedule.skipped() * settings.batch()),
                tally.latency(),
                tally.answers(),
                tally.curve(),
                tally.timeline(clock.measuredNanos()),
                client,
                clock.isInterrupted(),
                ClientWatch.invalid(client, settings.isOpen()));
    }

    /** What an open run sent in time and heard of later took that long too, or the rate would be one it never had. */
    private double seconds(RunClock clock) {
        long answeredNanos = lastAnswersNanos[RunClock.MEASURED] - clock.measuredFromNanos();
        boolean longer = settings.isOpen() && measured().acknowledged() > 0 && answeredNanos > clock.measuredNanos();
        return (longer ? answeredNanos : clock.measuredNanos()) / 1e9;
    }
}
