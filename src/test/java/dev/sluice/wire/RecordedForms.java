package dev.sluice.wire;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** What releases wrote, kept as test resources, and the orders in it. */
public final class RecordedForms {

    public static final Order FULL = full(new UUID(1, 2), "web-7f3a-0001");

    public static final Order BARE = new Order(
            new UUID(-1, 3),
            "default",
            null,
            "c",
            "USD",
            "1",
            "[]",
            null,
            0,
            Fingerprint.of(new byte[Fingerprint.BYTES]));

    private static final Path FOLDER = Path.of("src/test/resources/forms");
    private static final int FINGERPRINT_STEP = 8;

    private RecordedForms() {}

    /** Every field is set. */
    public static Order full(UUID id, String key) {
        byte[] fingerprint = new byte[Fingerprint.BYTES];
        fingerprint[0] = 1;
        for (int i = 1; i < fingerprint.length; i++) {
            fingerprint[i] = (byte) (i * FINGERPRINT_STEP);
        }
        return new Order(
                id,
                "shop-1",
                key,
                "Zoë 😀",
                "EUR",
                "25.00",
                "[{\"sku\":\"ABC-1\",\"quantity\":2,\"unitPrice\":\"12.50\"}]",
                "{\"channel\":\"web\"}",
                1_735_689_600_123_456L,
                Fingerprint.of(fingerprint));
    }

    /** The words of each line of a resource. */
    public static List<List<String>> lines(String file) {
        try {
            return Files.readAllLines(FOLDER.resolve(file)).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split(" ", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
