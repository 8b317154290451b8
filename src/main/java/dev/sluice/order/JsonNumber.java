package dev.sluice.order;

import java.math.BigDecimal;

/**
 * Numbers in attributes, as text. The limits are checked on the text, before anything is computed from it, so that
 * {@code 1e999999999} costs its eleven bytes.
 */
final class JsonNumber {

    static final int DIGITS_MAX = 40;
    static final int EXPONENT_MAX = 40;
    static final String RULE =
            "must be a number of at most " + DIGITS_MAX + " digits and an exponent within ±" + EXPONENT_MAX;

    private JsonNumber() {}

    /** Whether digits (all that are written before the exponent) and exponent keep within their limits. */
    static boolean withinLimits(String number) {
        int exponentAt = exponentAt(number);
        return digits(number, exponentAt) <= DIGITS_MAX && exponentWithinLimits(number, exponentAt);
    }

    /**
     * The number as PostgreSQL's jsonb prints it: no exponent, the scale kept, no negative zero.
     *
     * @param number JSON number text; within the limits where it has an exponent
     */
    static String plain(String number) {
        if (!isPlain(number)) {
            return new BigDecimal(number).toPlainString();
        }
        return isNegativeZero(number) ? number.substring(1) : number;
    }

    /** Whether it is written without an exponent. */
    static boolean isPlain(String number) {
        return exponentAt(number) == number.length();
    }

    private static int exponentAt(String number) {
        for (int i = 0; i < number.length(); i++) {
            if ((number.charAt(i) | 0x20) == 'e') {
                return i;
            }
        }
        return number.length();
    }

    private static int digits(String number, int to) {
        int digits = 0;
        for (int i = 0; i < to; i++) {
            if (isDigit(number.charAt(i))) {
                digits++;
            }
        }
        return digits;
    }

    private static boolean exponentWithinLimits(String number, int exponentAt) {
        int exponent = 0;
        for (int i = exponentAt + 1; i < number.length() && exponent <= EXPONENT_MAX; i++) {
            if (isDigit(number.charAt(i))) {
                exponent = exponent * 10 + number.charAt(i) - '0';
            }
        }
        return exponent <= EXPONENT_MAX;
    }

    private static boolean isNegativeZero(String number) {
        if (number.charAt(0) != '-') {
            return false;
        }
        for (int i = 1; i < number.length(); i++) {
            if (number.charAt(i) != '0' && number.charAt(i) != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
