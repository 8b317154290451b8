package dev.sluice.doctor;

/**
 * One condition.
 *
 * @param required what it should be
 * @param current what it is
 * @param mend the command or key that mends it; empty where nothing needs to be
 */
public record Check(String name, String required, String current, Verdict verdict, String mend) {

    /** Ascending in weight. */
    public enum Verdict {
        OK("ok"),
        /** It works, and slower or less safely than it could. */
        WARN("warn"),
        /** A start would be refused, or a promise not kept. */
        FAIL("fail");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        /** {@code ok}, {@code warn} or {@code fail}. */
        public String text() {
            return text;
        }
    }

    /** One that holds. */
    public static Check ok(String name, String required, String current) {
        return new Check(name, required, current, Verdict.OK, "");
    }

    /** With its mend only where the condition does not hold. */
    public static Check of(
            String name, String required, String current, boolean holds, Verdict otherwise, String mend) {
        return holds ? ok(name, required, current) : new Check(name, required, current, otherwise, mend);
    }
}
