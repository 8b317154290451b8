package dev.sluice.order;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Reads the items of an order: judges, writes their canonical text, sums them up and feeds the digest. One thread. */
final class ItemsReader {

    static final int ITEMS_MAX = 100;
    static final int QUANTITY_MAX = 1_000_000;

    private static final int SKU = 1;
    private static final int QUANTITY = 2;
    private static final int UNIT_PRICE = 4;
    private static final int ALL = SKU | QUANTITY | UNIT_PRICE;
    private static final int QUANTITY_CHARACTERS_MAX = 8;
    private static final int PRICE_CHARACTERS_MAX = 64;

    private final ContentDigest digest;
    private final Total total = new Total();
    private final Utf8Buffer out = new Utf8Buffer(1024);
    private int count;

    private int seen;
    private String sku = "";
    private int quantity;
    private String price = "";
    private long priceUnits;

    ItemsReader(ContentDigest digest) {
        this.digest = digest;
    }

    /** Compact JSON array of what was read last; right only where no fault was found. */
    String canonical() {
        return out.toString();
    }

    Total total() {
        return total;
    }

    /** Reads the value that the parser stands at, to its end. */
    void read(JsonParser json, FaultList faults) throws IOException {
        out.clear();
        total.clear();
        digest.clear();
        count = 0;
        if (json.currentToken() == JsonToken.START_ARRAY) {
            elements(json, faults);
        } else {
            faults.wrongType(json, "must be an array");
        }
    }

    private void elements(JsonParser json, FaultList faults) throws IOException {
        out.ascii('[');
        while (json.nextToken() != JsonToken.END_ARRAY) {
            count++;
            if (count > ITEMS_MAX) {
                json.skipChildren();
            } else if (json.currentToken() == JsonToken.START_OBJECT) {
                item(json, faults);
            } else {
                faults.wrongType(json, "must be an object");
            }
        }
        out.ascii(']');
        if (count == 0 || count > ITEMS_MAX) {
            faults.here(json, "must be 1.." + ITEMS_MAX + " items");
        }
    }

    private void item(JsonParser json, FaultList faults) throws IOException {
        int faultsBefore = faults.size();
        seen = 0;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            field(json, faults, name);
        }
        if (seen != ALL) {
            missing(json, faults);
        }
        if (faults.size() == faultsBefore) {
            take();
        }
    }

    private void field(JsonParser json, FaultList faults, String name) throws IOException {
        switch (name) {
            case "sku" -> {
                if (once(json, faults, SKU)) {
                    sku = faults.name(json);
                }
            }
            case "quantity" -> {
                if (once(json, faults, QUANTITY)) {
                    quantity = quantity(json, faults);
                }
            }
            case "unitPrice" -> {
                if (once(json, faults, UNIT_PRICE)) {
                    price(json, faults);
                }
            }
            default -> faults.unknown(json);
        }
    }

    private boolean once(JsonParser json, FaultList faults, int field) throws IOException {
        boolean first = (seen & field) == 0;
        seen |= field;
        return first || faults.duplicate(json);
    }

    private static int quantity(JsonParser json, FaultList faults) throws IOException {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            faults.wrongType(json, "must be a number");
            return 0;
        }
        boolean digits = token == JsonToken.VALUE_NUMBER_INT && json.getTextLength() <= QUANTITY_CHARACTERS_MAX;
        int quantity = digits ? json.getIntValue() : 0;
        if (quantity < 1 || quantity > QUANTITY_MAX) {
            faults.here(json, "must be a whole number, 1.." + QUANTITY_MAX);
        }
        return quantity;
    }

    private void price(JsonParser json, FaultList faults) throws IOException {
        switch (json.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> decimal(json, faults);
            default -> faults.wrongType(json, "must be a decimal, as a string or a number");
        }
    }

    private void decimal(JsonParser json, FaultList faults) throws IOException {
        boolean shortEnough = json.getTextLength() <= PRICE_CHARACTERS_MAX;
        price = shortEnough ? json.getText() : "";
        priceUnits = UnitPrice.units(price);
        if (priceUnits == UnitPrice.INVALID) {
            faults.here(json, UnitPrice.RULE);
        }
    }

    private void missing(JsonParser json, FaultList faults) {
        if ((seen & SKU) == 0) {
            faults.missing(json, "sku");
        }
        if ((seen & QUANTITY) == 0) {
            faults.missing(json, "quantity");
        }
        if ((seen & UNIT_PRICE) == 0) {
            faults.missing(json, "unitPrice");
        }
    }

    private void take() {
        if (count > 1) {
            out.ascii(',');
        }
        out.ascii("{\"sku\":").quoted(sku);
        out.ascii(",\"quantity\":").digits(quantity);
        out.ascii(",\"unitPrice\":\"").ascii(price).ascii("\"}");
        total.add(quantity, priceUnits, UnitPrice.scale(price));
        digest.item(sku, quantity, priceUnits);
    }

    /**
     * Sum of quantity × unit price, exact. Counts ten-thousandths in a long as far as that goes (about 9.2 × 10^14 whole
     * units) and in a BigInteger beyond: one hundred items of 10^6 × 10^10 pass 64 bits.
     */
    static final class Total {

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
}
