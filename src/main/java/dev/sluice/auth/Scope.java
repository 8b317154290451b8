package dev.sluice.auth;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What credentials allow. The first two are for one account, the others for the whole node. */
public enum Scope {
    /** Submit orders of the own account. */
    SUBMIT("submit"),
    /** Look for orders of the own account. */
    READ("read"),
    /** See how the node fares and what it runs with. */
    OPS_READ("ops:read"),
    /** Change its instances. */
    OPS_WRITE("ops:write"),
    /** See dead letters, of all accounts. */
    DEAD_READ("dead:read"),
    /** Replay and discard them. */
    DEAD_WRITE("dead:write"),
    /** Manage keys. */
    KEYS("keys");

    /** What a client of the order API needs. */
    public static final Set<Scope> OF_CLIENTS = Collections.unmodifiableSet(EnumSet.of(SUBMIT, READ));

    /** What {@code admin.token} allows. */
    public static final Set<Scope> OF_OPERATORS = Collections.unmodifiableSet(EnumSet.range(OPS_READ, KEYS));

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    /** As people write it. */
    public String text() {
        return text;
    }

    /** Null where the text is none. */
    public static @Nullable Scope of(String text) {
        for (Scope scope : values()) {
            if (scope.text.equals(text.toLowerCase(Locale.ROOT))) {
                return scope;
            }
        }
        return null;
    }

    /** Those of the texts that are scopes; the others are for another program. */
    public static Set<Scope> known(Collection<String> texts) {
        Set<Scope> known = EnumSet.noneOf(Scope.class);
        for (String text : texts) {
            Scope scope = of(text);
            if (scope != null) {
                known.add(scope);
            }
        }
        return Collections.unmodifiableSet(known);
    }

    /** The scopes as people write them, spaces between. */
    public static String text(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
    }
}
