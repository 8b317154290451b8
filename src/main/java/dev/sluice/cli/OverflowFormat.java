package dev.sluice.cli;

import dev.sluice.load.verify.OverflowDecoder;
import java.util.Optional;

/** The binary form of queued orders, as {@code verify} reads it. The one place that is bound to {@code store/redis}. */
final class OverflowFormat {

    private OverflowFormat() {}

    /** Empty where this release cannot read an overflow. */
    static Optional<OverflowDecoder> decoder() {
        return Optional.empty();
    }
}
