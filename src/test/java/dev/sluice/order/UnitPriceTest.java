package dev.sluice.order;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitPriceTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.0, 0",
        "0.0000, 0",
        "0.0001, 1",
        "1, 10000",
        "12.5, 125000",
        "12.50, 125000",
        "10, 100000",
        "0.05, 500",
        "9999999999, 99999999990000",
        "9999999999.9999, 99999999999999"
    })
    void aPriceIsCountedInTenThousandths(String text, long units) {
        assertEquals(units, UnitPrice.units(text));
        assertEquals(units, UnitPrice.units(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "-",
                "+",
                "-1",
                "-0",
                "+1",
                ".5",
                "5.",
                "00",
                "01",
                "012.50",
                "1e2",
                "1E2",
                "1.",
                "1..2",
                "1.2.3",
                "1.00000",
                "10000000000",
                "10000000000.0",
                "99999999999",
                "0x1",
                "1,5",
                "1 ",
                " 1",
                "1_0",
                "NaN",
                "Infinity",
                "1.-5",
                "٣",
                "1.٣",
                "1d",
                "1.2f"
            })
    void whatIsNoPriceIsRefused(String text) {
        assertEquals(UnitPrice.INVALID, UnitPrice.units(text));
        assertEquals(List.of("/items/0/unitPrice"), Documents.pointers(Documents.price('"' + text + '"')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "12.50", "0.0000", "9999999999.9999"})
    void aPriceIsKeptDigitByDigitWhetherStringOrNumber(String text) {
        String items = Documents.order(Documents.price(text)).itemsJson();
        assertEquals("[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"" + text + "\"}]", items);
        assertEquals(items, Documents.order(Documents.price('"' + text + '"')).itemsJson());
    }

    @Test
    void anEscapedDigitIsThatDigit() {
        assertEquals("1", Documents.order(Documents.price("\"\\u0031\"")).total());
    }
}
