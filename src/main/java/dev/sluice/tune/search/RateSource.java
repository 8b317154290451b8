package dev.sluice.tune.search;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/** The rates at which one setting is tried, one after the other. */
interface RateSource {

    /** The next one; the same until it was measured, empty at the end. */
    OptionalLong next();

    /** What the last one found. */
    void add(Measurement measurement, Slo slo);

    /** The rate that it was all for; 0 where there is none. */
    long found();

    /** A list that is worked off. */
    static RateSource of(List<Long> rates) {
        Deque<Long> left = new ArrayDeque<>(rates);
        return new RateSource() {
            @Override
            public OptionalLong next() {
                Long first = left.peek();
                return first == null ? OptionalLong.empty() : OptionalLong.of(first);
            }

            @Override
            public void add(Measurement measurement, Slo slo) {
                left.remove();
            }

            @Override
            public long found() {
                return 0;
            }
        };
    }
}
