package dev.sluice.order;

/**
 * Reads unit prices digit by digit: {@code 0} or digits without a leading zero, then at most four fraction digits.
 * No sign, no exponent, no blank; below 10^10.
 *
 * <p>The value is a whole number of ten-thousandths, below 10^14: exact, and equal for {@code 12.5} and
 * {@code 12.50}.
 */
final class UnitPrice {

    static final int FRACTION_DIGITS_MAX = 4;
    static final int WHOLE_DIGITS_MAX = 10;
    static final String RULE = "must be a decimal from 0 to below 10^10 with at most " + FRACTION_DIGITS_MAX
            + " fraction digits, without sign, exponent or leading zero";

    /** What {@link #units} answers to a text that is no price. */
    static final long INVALID = -1;

    private static final long[] UNITS_OF_DIGIT = {10_000, 1_000, 100, 10, 1};

    private UnitPrice() {}

    /** Ten-thousandths, or {@link #INVALID}. */
    static long units(String text) {
        int point = endOfDigits(text, 0, WHOLE_DIGITS_MAX);
        boolean leadingZero = point > 1 && text.charAt(0) == '0';
        if (point == 0 || leadingZero) {
            return INVALID;
        }
        long whole = number(text, 0, point) * UNITS_OF_DIGIT[0];
        if (point == text.length()) {
            return whole;
        }
        int end = endOfDigits(text, point + 1, FRACTION_DIGITS_MAX);
        int scale = end - point - 1;
        if (text.charAt(point) != '.' || scale == 0 || end < text.length()) {
            return INVALID;
        }
        return whole + number(text, point + 1, end) * UNITS_OF_DIGIT[scale];
    }

    /** Fraction digits of a valid price as written. */
    static int scale(String price) {
        int point = price.indexOf('.');
        return point < 0 ? 0 : price.length() - point - 1;
    }

    /** End of the digits from {@code from} on, looking at no more than {@code digitsMax} of them. */
    private static int endOfDigits(String text, int from, int digitsMax) {
        int bound = Math.min(text.length(), from + digitsMax);
        int i = Math.min(from, bound);
        while (i < bound && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private static long number(String digits, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + digits.charAt(i) - '0';
        }
        return number;
    }
}
