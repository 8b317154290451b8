package dev.sluice.load.run;

import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadResult.Client;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.Schedule;
import dev.sluice.load.Tally;
import dev.sluice.load.Tally.Progress;
import dev.sluice.load.history.HistoryWriter;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a run notes: every order in its history, those of the measured part in its tally. On the event loop. */
final class RunRecord implements AnswerReader.Sink {

    private final LoadSettings settings;
    private final String tag;
    private final OrderDocuments documents;
    private final @Nullable HistoryWriter history;
    private final AnswerReader answers = new AnswerReader();
    private final byte[] clientOrderId;
    private final boolean[] heard;
    private final Tally[] tallies = {new Tally(0, 0), new Tally(0, 0)};
    private final long[] lastAnswersNanos = new long[tallies.length];
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

    /** The orders are about to leave. */
    void sent(Shipment leaving) {
        tallyOf(leaving).offered(leaving.size());
        if (history != null) {
            for (int i = 0; i < leaving.size(); i++) {
                sent(history, leaving, i);
            }
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

    /** What was noted reaches the file. */
    void write() {
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
        if (history != null) {
            history.answered(shipment.seq(i), answer, id.isEmpty() ? HistoryWriter.NONE : id);
        }
        tallyOf(shipment).answered(answer, status, replayed, shipment.kind(i) == Shipment.Kind.INVALID);
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
        if (history != null) {
            history.close();
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
