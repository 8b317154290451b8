package dev.sluice.order;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sum of quantity × unit price, exact. Counts ten-thousandths in a long as far as that goes (about 9.2 × 10^14 whole
 * units) and in a BigInteger beyond: one hundred items of 10^6 × 10^10 pass 64 bits.
 */
final class Total {

    private static final long UNITS = 10_000;
    private static final int[] UNITS_OF_SCALE = {10_000, 1_000, 100, 10, 1};

    private long units;
    private @Nullable BigInteger beyond;
    private int scale;

    void clear() {
        units = 0;
        beyond = null;
        scale = 0;
    }

    void add(int quantity, long priceUnits, int priceScale) {
        scale = Math.max(scale, priceScale);
        long product = quantity * priceUnits;
        boolean fits = Math.multiplyHigh(quantity, priceUnits) == 0 && product >= 0;
        if (fits && units + product >= 0) {
            units += product;
        } else {
            BigInteger exact = BigInteger.valueOf(quantity).multiply(BigInteger.valueOf(priceUnits));
            beyond = beyond == null ? exact : beyond.add(exact);
        }
    }

    /** Decimal text without exponent, with as many fraction digits as the finest unit price was written with. */
    String toText(Utf8Buffer scratch) {
        if (beyond != null) {
            BigInteger all = beyond.add(BigInteger.valueOf(units));
            return new BigDecimal(all, UnitPrice.FRACTION_DIGITS_MAX)
                    .setScale(scale)
                    .toPlainString();
        }
        scratch.clear();
        scratch.digits(units / UNITS);
        if (scale > 0) {
            scratch.ascii('.').digits(units % UNITS / UNITS_OF_SCALE[scale], scale);
        }
        return scratch.toString();
    }
}
