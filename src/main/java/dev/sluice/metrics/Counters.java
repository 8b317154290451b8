package dev.sluice.metrics;

import java.util.EnumMap;
import java.util.Map;

/**
 * One counter for each value of an enum, which is its label in lower case. All are there from the start at 0, so
 * that a rate over the first event is right. The counter of a value never changes: keep it where it is used often.
 *
 * @param <E> what is told apart
 */
public final class Counters<E extends Enum<E>> {

    private final Map<E, Counter> byValue;

    Counters(Class<E> values, boolean on) {
        byValue = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            byValue.put(value, new Counter(on));
        }
    }

    /** The counter of one value. */
    @SuppressWarnings("NullAway") // Every value got its counter in the constructor.
    public Counter of(E value) {
        return byValue.get(value);
    }

    Map<E, Counter> byValue() {
        return byValue;
    }
}
