package dev.sluice.config.value;

/**
 * A text that must not be shown: it prints as {@value #MASK}, so that no log line or record can leak it.
 *
 * @param value the text itself; visible ASCII without space, as a header carries it
 */
public record Secret(String value) {

    public static final String MASK = "***";

    public Secret {
        if (!value.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            throw new IllegalArgumentException("may hold visible ASCII characters only, no space");
        }
    }

    @Override
    public String toString() {
        return MASK;
    }
}
