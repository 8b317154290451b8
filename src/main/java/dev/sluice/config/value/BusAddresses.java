package dev.sluice.config.value;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Addresses of the event bus that are free for others to use: none of Sluice's own, none of Vert.x.
 *
 * @param all as they are written
 */
public record BusAddresses(List<String> all) {

    private static final Pattern ONE = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");
    private static final Pattern TAKEN = Pattern.compile("(sluice\\.|__vertx).*");
    private static final Set<String> OURS = Set.of("orders.submit", "orders.committed");

    public BusAddresses {
        all = List.copyOf(all);
    }

    /**
     * Reads a list, commas between.
     *
     * @throws IllegalArgumentException names the one that is not allowed, and why
     */
    public static BusAddresses parse(String text) {
        List<String> all = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        all.forEach(BusAddresses::require);
        return new BusAddresses(all);
    }

    private static void require(String address) {
        if (!ONE.matcher(address).matches()) {
            throw new IllegalArgumentException("'" + address
                    + "' is no address: 1 to 128 letters, digits and . _ : / - each, commas between them");
        }
        if (OURS.contains(address) || TAKEN.matcher(address).matches()) {
            throw new IllegalArgumentException("'" + address + "' is Sluice's own or Vert.x's: take another one");
        }
    }

    @Override
    public String toString() {
        return String.join(",", all);
    }
}
