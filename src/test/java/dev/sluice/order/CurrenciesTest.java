package dev.sluice.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurrenciesTest {

    @Test
    void theListHasEveryActiveCodeOnceAndSorted() {
        String[] all = Currencies.all();
        String[] sorted = all.clone();
        Arrays.sort(sorted);
        assertEquals(176, new HashSet<>(Arrays.asList(all)).size());
        assertEquals(Arrays.asList(sorted), Arrays.asList(all));
        assertTrue(Arrays.stream(all).allMatch(Currencies::isActive));
    }

    @Test
    void fundsUnitsOfAccountAndMetalsAreTaken() {
        for (String code : List.of("CLF", "USN", "XDR", "XAU", "XCG")) {
            assertTrue(Currencies.isActive(code), code);
        }
    }

    @Test
    void codesThatNameNoCurrencyAndWithdrawnOnesAreNot() {
        for (String code : List.of("XXX", "XTS", "BGN", "HRK", "ANG", "CUC", "SLL", "ZWL", "DEM")) {
            assertFalse(Currencies.isActive(code), code);
        }
    }

    @Test
    void whatIsNotThreeCapitalsIsNoCode() {
        for (String code : List.of("", "E", "EU", "EURO", "eur", "Eur", "EU\0", "EU[", "EU@", "€UR", "ＥＵＲ")) {
            assertFalse(Currencies.isActive(code), code);
        }
    }
}
