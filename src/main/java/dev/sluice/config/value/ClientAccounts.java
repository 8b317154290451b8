package dev.sluice.config.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Which account a client's certificate stands for: {@code dns:shop.example=shop; cn:till-7=tills}. The first entry that
 * a certificate has decides.
 *
 * @param entries in the order in which they are written
 */
public record ClientAccounts(List<Entry> entries) {

    private static final String ACCOUNT = "[A-Za-z0-9._-]{1,64}";

    public ClientAccounts {
        entries = List.copyOf(entries);
    }

    /** Where in a certificate a name stands. */
    public enum Place {
        /** A DNS name among the subject's alternative names, compared without regard to case. */
        DNS,
        /** A URI there, as SPIFFE has it. */
        URI,
        /** An address of mail there. */
        EMAIL,
        /** The common name of the subject. */
        CN,
        /** The subject as a whole. */
        SUBJECT
    }

    /** One name, and whose it is. */
    public record Entry(Place place, String name, String account) {

        @Override
        public String toString() {
            return place.name().toLowerCase(Locale.ROOT) + ":" + name + "=" + account;
        }
    }

    /**
     * Reads {@code place:name=account}, semicolons between.
     *
     * @throws IllegalArgumentException says what is wrong and what is allowed
     */
    public static ClientAccounts parse(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String part : text.split(";", -1)) {
            if (!part.isBlank()) {
                entries.add(entry(part.strip()));
            }
        }
        return new ClientAccounts(entries);
    }

    private static Entry entry(String text) {
        int colon = text.indexOf(':');
        int equals = text.lastIndexOf('=');
        Place place = colon < 0 ? null : place(text.substring(0, colon));
        if (place == null || equals <= colon + 1) {
            throw new IllegalArgumentException("'" + text + "' is none; write dns:NAME=ACCOUNT, uri:URI=ACCOUNT,"
                    + " email:ADDRESS=ACCOUNT, cn:NAME=ACCOUNT or subject:DN=ACCOUNT, semicolons between");
        }
        String account = text.substring(equals + 1).strip();
        if (!account.matches(ACCOUNT)) {
            throw new IllegalArgumentException("'" + account + "' is no account: 1 to 64 of [A-Za-z0-9._-]");
        }
        return new Entry(place, name(place, text.substring(colon + 1, equals).strip()), account);
    }

    private static String name(Place place, String name) {
        return switch (place) {
            case DNS -> name.toLowerCase(Locale.ROOT);
            case SUBJECT -> canonical(name);
            default -> name;
        };
    }

    /** One spelling for all that mean the same; throws IllegalArgumentException where it is no name. */
    private static String canonical(String subject) {
        try {
            return new X500Principal(subject).getName(X500Principal.CANONICAL);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + subject + "' is no subject; write one as `openssl x509 -subject -nameopt RFC2253` prints it",
                    e);
        }
    }

    private static @Nullable Place place(String word) {
        return Arrays.stream(Place.values())
                .filter(place -> place.name().equalsIgnoreCase(word))
                .findFirst()
                .orElse(null);
    }

    @Override
    public String toString() {
        return entries.stream().map(Entry::toString).collect(Collectors.joining("; "));
    }
}
