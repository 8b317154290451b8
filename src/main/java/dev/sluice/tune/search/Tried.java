package dev.sluice.tune.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A setting that was measured: the rates found, one each time, and every run. One thread. */
public final class Tried {

    private final Candidate candidate;
    private final List<Long> rates = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();

    /** One trial and what it found. */
    public record Run(Trial trial, Measurement measurement) {}

    Tried(Candidate candidate) {
        this.candidate = candidate;
    }

    void add(Run run) {
        runs.add(run);
    }

    void found(long rate) {
        rates.add(rate);
    }

    public Candidate candidate() {
        return candidate;
    }

    /** The highest rate that met the SLO, each time that it was looked for; 0 where none did. */
    public List<Long> rates() {
        return Collections.unmodifiableList(rates);
    }

    public List<Run> runs() {
        return Collections.unmodifiableList(runs);
    }

    /** Orders a second; 0 where none was found. */
    public double median() {
        List<Long> sorted = rates.stream().sorted().toList();
        int size = sorted.size();
        return size == 0 ? 0 : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2.0;
    }

    public long lowest() {
        return rates.stream().mapToLong(Long::longValue).min().orElse(0);
    }

    public long highest() {
        return rates.stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
