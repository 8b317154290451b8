package dev.sluice.order;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Valid documents in random spelling. */
public final class RandomOrders {

    private static final String[] TEXTS = {
        "a", "é", "€", "😀", "\\n", "\\\"", "\\\\", "\\u00e9", "\\ud83d\\ude00", "1.50", ".0"
    };
    private static final String[] NUMBERS = {
        "0", "-0", "1", "1.50", "-2.0e3", "12E-3", "1e40", "1e-40", "0.000", "-0.0", "100", "9".repeat(40)
    };

    private final Random random;

    public RandomOrders(Random random) {
        this.random = random;
    }

    public String next() {
        List<String> fields = new ArrayList<>();
        fields.add("\"customerId\":\"c" + name() + "\"");
        fields.add("\"currency\":\"" + pick(Currencies.all()) + "\"");
        fields.add("\"items\":" + items());
        if (random.nextBoolean()) {
            fields.add("\"attributes\":" + object(1));
        }
        if (random.nextBoolean()) {
            fields.add("\"clientOrderId\":\"k-" + random.nextInt(1000) + "\"");
        }
        Collections.shuffle(fields, random);
        return blank() + "{" + String.join("," + blank(), fields) + "}" + blank();
    }

    private String items() {
        List<String> items = new ArrayList<>();
        int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 100 : 3);
        for (int i = 0; i < count; i++) {
            items.add(item());
        }
        return "[" + String.join(blank() + ",", items) + "]";
    }

    private String item() {
        List<String> fields = new ArrayList<>();
        String price = BigDecimal.valueOf(random.nextLong(1_000_000), random.nextInt(5))
                .toPlainString();
        fields.add("\"sku\":" + blank() + "\"s" + name() + "\"");
        fields.add("\"quantity\":" + (1 + random.nextInt(1_000_000)));
        fields.add("\"unitPrice\":" + (random.nextBoolean() ? price : '"' + price + '"'));
        Collections.shuffle(fields, random);
        return "{" + String.join(",", fields) + "}";
    }

    private String object(int depth) {
        List<String> members = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String key = "k" + text();
            if (keys.add(key.replace("\\u00e9", "é").replace("\\ud83d\\ude00", "😀"))) {
                members.add("\"" + key + "\":" + value(depth + 1));
            }
        }
        return "{" + String.join("," + blank(), members) + "}";
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 4 ? 3 : 5)) {
            case 0 -> "\"" + text() + "\"";
            case 1 -> pick(NUMBERS);
            case 2 -> String.valueOf(random.nextBoolean());
            case 3 -> "[" + value(depth + 1) + "," + value(depth + 1) + "]";
            default -> object(depth + 1);
        };
    }

    /** Text without control characters. */
    private String name() {
        return text().replace("\\n", "n");
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(pick(TEXTS));
        }
        return text.toString();
    }

    private String blank() {
        return pick(new String[] {"", "", " ", "\n", "\t "});
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
