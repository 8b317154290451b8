package dev.sluice.tune.search;

import dev.sluice.tune.search.Trial.Phase;
import dev.sluice.tune.search.TuneResult.End;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The search itself: hands out trials, takes what they found, and says which setting is best. Time is handed in,
 * milliseconds since the search began. One thread.
 */
public final class CoordinateSearch {

    /** Nodes that should be kept running: so many settings are measured in turn. */
    public static final int NODES_KEPT = Pace.NODES_KEPT;

    /** Orders a second; far below what any machine takes, so that the search comes from below. */
    private static final long FIRST_GUESS = 2_000;

    private static final double FIRST_STEP = 2;
    private static final int FIRST_TRIALS_MAX = 14;

    /** From what the best setting takes. */
    private static final double STEP = 1.1;

    private static final int TRIALS_MAX = 7;

    /** What a candidate must have time for, or it is not begun. */
    private static final int TRIALS_MIN = 3;

    private static final int ROUNDS = 4;
    private static final int CONTENDERS_MAX = 3;
    private static final double[] CURVE = {0.25, 0.5, 0.7, 0.85, 0.95, 1, 1.1, 1.25};

    private final Slo slo;
    private final Ladder ladder;
    private final Candidate start;
    private final Candidate defaults;
    private final Pace pace;
    private final Map<Candidate, Tried> tried = new LinkedHashMap<>();
    private final Deque<Candidate> queue = new ArrayDeque<>();
    private List<Candidate> contenders = List.of();
    private Phase phase = Phase.START;
    private @Nullable Walk walk;
    private @Nullable RateSource measuring;
    private @Nullable Trial trial;
    private Pace.Change change = Pace.Change.NONE;
    private long begunMs;
    private boolean walkWasCut;
    private @Nullable End end;

    /**
     * A search that has not begun.
     *
     * @param start the setting in force
     * @param defaults the built-in one, which is always measured too
     */
    public CoordinateSearch(Slo slo, Ladder ladder, Candidate start, Candidate defaults, Budget budget) {
        this.slo = slo;
        this.ladder = ladder;
        this.start = start;
        this.defaults = defaults;
        this.pace = new Pace(budget);
        queue.add(start);
        if (!defaults.equals(start)) {
            queue.add(defaults);
        }
    }

    /** What to measure now; empty when the search is over. */
    public Optional<Trial> next(long nowMs) {
        while (end == null) {
            Trial ready = measuring == null ? null : ofMeasured(nowMs, measuring);
            if (ready != null) {
                return Optional.of(ready);
            }
            begin(nowMs);
        }
        return Optional.empty();
    }

    /** The next rate of the setting that is being measured; null where that is done or its time is over. */
    private @Nullable Trial ofMeasured(long nowMs, RateSource rates) {
        Candidate candidate = candidate();
        OptionalLong rate = rates.next();
        change = pace.changeTo(candidate);
        Phase until = phase == Phase.WALK ? Phase.CURVE : phase; // a setting that was begun may take some more time
        if (rate.isPresent() && pace.fits(nowMs, change, 1, until)) {
            begunMs = nowMs;
            Trial next = new Trial(candidate, rate.getAsLong(), phase);
            trial = next;
            return next;
        }
        boolean whole = rate.isEmpty();
        if (phase != Phase.CURVE && (whole || (of(candidate).rates().isEmpty() && rates.found() > 0))) {
            of(candidate).found(rates.found());
        }
        measuring = null;
        queue.poll();
        return null;
    }

    private Candidate candidate() {
        return queue.element();
    }

    private Tried of(Candidate candidate) {
        return tried.computeIfAbsent(candidate, Tried::new);
    }

    /** What the trial handed out last has found, now. */
    public void add(Measurement measurement, long nowMs) {
        Trial measured = trial;
        RateSource rates = measuring;
        if (measured == null || rates == null) {
            throw new IllegalStateException("no trial was handed out");
        }
        pace.took(change, nowMs - begunMs);
        pace.moved(measured.candidate());
        of(measured.candidate()).add(new Tried.Run(measured, measurement));
        rates.add(measurement, slo);
        trial = null;
    }

    /** Takes the next setting of the phase, or the next phase. */
    private void begin(long nowMs) {
        if (phase == Phase.WALK && walk != null) {
            walk.next().ifPresent(queue::add);
        }
        if (!queue.isEmpty() && pace.fits(nowMs, pace.changeTo(candidate()), trialsMin(), phase)) {
            measuring = rates();
        } else {
            boolean cut = !queue.isEmpty();
            queue.clear();
            nextPhase(cut);
        }
    }

    private int trialsMin() {
        return phase == Phase.CURVE ? 1 : TRIALS_MIN;
    }

    private RateSource rates() {
        if (phase == Phase.CURVE) {
            double rate = of(candidate()).median();
            return RateSource.of(DoubleStream.of(CURVE)
                    .mapToObj(share -> Math.max(1, Math.round(share * rate)))
                    .toList());
        }
        double known = of(candidate()).median();
        double guess = known > 0 ? known : best();
        return phase == Phase.START
                ? new RateSearch(guess > 0 ? Math.round(guess) : FIRST_GUESS, FIRST_STEP, FIRST_TRIALS_MAX)
                : new RateSearch(Math.round(guess), STEP, TRIALS_MAX);
    }

    private void nextPhase(boolean cut) {
        switch (phase) {
            case START -> afterStart(cut);
            case WALK -> {
                walkWasCut = cut;
                contenders = contenders();
                phase = Phase.FINAL;
                queueRounds();
            }
            case FINAL -> {
                phase = Phase.CURVE;
                queue.add(chosen().orElseThrow().candidate());
            }
            case CURVE -> end = walkWasCut ? End.BUDGET_OVER : End.SEARCHED;
        }
    }

    /** Every other round backwards: the last one of a round is the first one of the next. */
    private void queueRounds() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Candidate> inTurn = new ArrayList<>(contenders);
            if (round % 2 == 1) {
                Collections.reverse(inTurn);
            }
            queue.addAll(inTurn);
        }
    }

    private void afterStart(boolean cut) {
        boolean isBroken =
                of(start).runs().stream().anyMatch(run -> run.measurement().broken() != null);
        if (isBroken) {
            end = End.NO_NODE;
        } else if (best() == 0) {
            end = cut || of(start).rates().isEmpty() ? End.BUDGET_OVER : End.SLO_UNMET;
        } else {
            phase = Phase.WALK;
            Candidate from = Stream.of(start, defaults)
                    .max(Comparator.comparingDouble(candidate -> of(candidate).median()))
                    .orElseThrow();
            walk = new Walk(ladder, from, new Known());
        }
    }

    private final class Known implements Walk.Found {

        @Override
        public boolean isKnown(Candidate candidate) {
            Tried known = tried.get(candidate);
            return known != null && !known.runs().isEmpty();
        }

        @Override
        public double rate(Candidate candidate) {
            return of(candidate).median();
        }

        @Override
        public double best() {
            return CoordinateSearch.this.best();
        }

        @Override
        public double margin() {
            return Noise.margin(tried.values());
        }
    }

    private double best() {
        return tried.values().stream().mapToDouble(Tried::median).max().orElse(0);
    }

    /** The best, the simplest beside it, and where it began: whatever is within the noise of the best, but few. */
    private List<Candidate> contenders() {
        List<Candidate> near = near(tried.values().stream().toList());
        Candidate best = near.stream()
                .max(Comparator.comparingDouble(candidate -> of(candidate).median()))
                .orElseThrow();
        Candidate simplest = near.stream().min(Candidate.SIMPLEST_FIRST).orElseThrow();
        return Stream.of(best, simplest, defaults, start)
                .filter(near::contains)
                .distinct()
                .limit(CONTENDERS_MAX)
                .toList();
    }

    private List<Candidate> near(List<Tried> among) {
        double best = among.stream().mapToDouble(Tried::median).max().orElse(0);
        double noise = 1 + Noise.margin(tried.values());
        return among.stream()
                .filter(one -> one.median() > 0 && one.median() * noise >= best)
                .map(Tried::candidate)
                .toList();
    }

    /** One that was measured again in turn, once there are such. */
    private Optional<Tried> chosen() {
        List<Tried> among = contenders.isEmpty()
                ? List.copyOf(tried.values())
                : contenders.stream().map(this::of).toList();
        return near(among).stream().min(Candidate.SIMPLEST_FIRST).map(this::of);
    }

    /** Ends it where it stands. */
    public void stop(End why) {
        if (end == null) {
            RateSource rates = measuring;
            if (rates != null && rates.found() > 0 && of(candidate()).rates().isEmpty()) {
                of(candidate()).found(rates.found());
            }
            end = why;
        }
    }

    /** What is known by now. */
    public TuneResult result() {
        return new TuneResult(
                end == null ? End.STOPPED : end,
                slo,
                chosen().orElse(null),
                Noise.margin(tried.values()),
                tried.values().stream().filter(one -> !one.runs().isEmpty()).toList(),
                start,
                defaults);
    }
}
