package dev.sluice.cli;

import dev.sluice.load.LoadSettings;
import dev.sluice.load.Threshold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What every load generator is asked. Mixed in; {@link #settings} judges it. */
final class LoadOptions {

    static final int CONNECTIONS_MAX = 20_000;
    private static final int BATCH_MAX = 10_000;
    private static final double RATE_MAX = 1e7;
    private static final String MAX = "max";

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec verb;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "40",
            description = "held open (default: ${DEFAULT-VALUE})")
    int connections;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "measured part: 500ms, 60s, 10m (default: ${DEFAULT-VALUE})")
    Duration duration = Duration.ZERO;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = {
                "before it, sent and not counted: a JVM that starts runs slowly until its compiler",
                "has done most of its work (default: ${DEFAULT-VALUE})"
            })
    Duration warmup = Duration.ZERO;

    @Option(
            names = "--rate",
            paramLabel = "N|max",
            defaultValue = MAX,
            description = {
                "orders a second at fixed times (open model: latency from the time meant),",
                "or max: each connection as fast as answers come (closed model; default)"
            })
    String rate = MAX;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "1", description = "orders per request (default: 1)")
    int batch;

    @Option(
            names = "--replay-share",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "of orders that repeat an earlier one, 0 to 1, e.g. 0.05 (default: 0)")
    double replayShare;

    @Option(
            names = "--invalid-share",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "of orders that are none, 0 to 1, e.g. 0.01 (default: 0)")
    double invalidShare;

    @Option(
            names = "--expect",
            paramLabel = "EXPECTATION",
            description = "e.g. 'p99<20ms', 'errors=0', 'rate>=9900'; exit 99 where missed; may be repeated")
    List<Threshold> expected = new ArrayList<>();

    /** An {@link IllegalArgumentException} in picocli's words. */
    static <T> T converted(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** What is asked, or a usage error. */
    LoadSettings settings(String target) {
        require(connections >= 1 && connections <= CONNECTIONS_MAX, "--connections is 1 to " + CONNECTIONS_MAX);
        require(batch >= 1 && batch <= BATCH_MAX, "--batch is 1 to " + BATCH_MAX);
        require(!duration.isZero(), "--duration is above 0");
        require(replayShare >= 0 && invalidShare >= 0, "--replay-share and --invalid-share are 0 to 1");
        require(replayShare + invalidShare <= 1, "--replay-share and --invalid-share are 1 at most together");
        return new LoadSettings(
                target, connections, warmup, duration, ordersPerSecond(), batch, replayShare, invalidShare);
    }

    private double ordersPerSecond() {
        if (rate.equals(MAX)) {
            return 0;
        }
        boolean number = rate.matches("[0-9]{1,8}(\\.[0-9]{1,3})?");
        double perSecond = number ? Double.parseDouble(rate) : 0;
        require(perSecond > 0 && perSecond <= RATE_MAX, "--rate is orders a second, or max, not '" + rate + "'");
        return perSecond;
    }

    private void require(boolean met, String rule) {
        if (!met) {
            throw new ParameterException(
                    Objects.requireNonNull(verb, "set by picocli").commandLine(), rule);
        }
    }
}
