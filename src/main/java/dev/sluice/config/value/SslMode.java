package dev.sluice.config.value;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What libpq's {@code sslmode} asks of a connection, the modes that Sluice honours; the weakest first. */
public enum SslMode {
    DISABLE,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    private static final List<String> BY_CHANCE = List.of("allow", "prefer");

    /** As it is written in a URI: {@code verify-full}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException with the mode that was probably meant */
    static SslMode parse(String text) {
        Optional<SslMode> mode = Arrays.stream(values())
                .filter(each -> each.toString().equals(text))
                .findFirst();
        return mode.orElseThrow(() -> new IllegalArgumentException(refusal(text)));
    }

    private static String refusal(String text) {
        if (BY_CHANCE.contains(text)) {
            return "asks for sslmode=" + text
                    + ", which falls back to clear text where the server or anybody on the way"
                    + " refuses TLS; say sslmode=verify-full (or require), or sslmode=disable";
        }
        List<String> names = Arrays.stream(values()).map(SslMode::toString).toList();
        String meant = Nearest.to(text, names)
                .map(name -> ", did you mean " + name + "?")
                .orElse("");
        return "has an sslmode that is none of " + String.join(", ", names) + meant;
    }
}
