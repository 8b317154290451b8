package dev.sluice.order;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TotalTest {

    private final ItemsReader.Total total = new ItemsReader.Total();

    @Test
    void theScaleIsThatOfTheFinestUnitPriceAsWritten() {
        assertEquals("25.00", total(2, "12.50"));
        assertEquals("25.0", total(2, "12.5"));
        assertEquals("3.250", total(1, "1", 1, "2.250"));
        assertEquals("0", total(7, "0"));
        assertEquals("0.0000", total(7, "0.0000"));
        assertEquals("0.05", total(5, "0.01"));
    }

    @Test
    void aTotalBeyond64BitsIsExact() {
        assertEquals("9999999999999900.0000", total(1_000_000, "9999999999.9999"));
        Object[] hundred = new Object[200];
        for (int i = 0; i < 200; i += 2) {
            hundred[i] = 1_000_000;
            hundred[i + 1] = "9999999999.9999";
        }
        assertEquals("999999999999990000.0000", total(hundred));
    }

    @Test
    void theLongPathGoesOverIntoTheExactOneAtItsBound() {
        assertEquals("922337203685477.5807", total(92_233, "9999999999", 1, "7203777710.5807"));
        assertEquals("922337203685477.5808", total(92_233, "9999999999", 1, "7203777710.5807", 1, "0.0001"));
        assertEquals("922337203685477.5808", total(92_233, "9999999999", 1, "7203777710.5808"));
    }

    @Test
    void randomTotalsAgreeWithBigDecimals() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            Object[] items = new Object[2 * (1 + random.nextInt(5))];
            BigDecimal expected = BigDecimal.ZERO;
            for (int i = 0; i < items.length; i += 2) {
                int quantity = 1 + random.nextInt(random.nextBoolean() ? 10 : 1_000_000);
                int scale = random.nextInt(5);
                long unscaled = random.nextLong(random.nextBoolean() ? 100_000 : 10_000_000_000L);
                String price = BigDecimal.valueOf(unscaled, scale).toPlainString();
                items[i] = quantity;
                items[i + 1] = price;
                expected = expected.add(new BigDecimal(price).multiply(BigDecimal.valueOf(quantity)));
            }
            assertEquals(expected.toPlainString(), total(items), () -> "seed " + seed);
        }
    }

    private String total(Object... quantitiesAndPrices) {
        total.clear();
        for (int i = 0; i < quantitiesAndPrices.length; i += 2) {
            String price = (String) quantitiesAndPrices[i + 1];
            total.add((Integer) quantitiesAndPrices[i], UnitPrice.units(price), UnitPrice.scale(price));
        }
        return total.toText(new Utf8Buffer(8));
    }
}
