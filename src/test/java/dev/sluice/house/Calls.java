package dev.sluice.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.util.Set;

/** An access, a call or a method reference alike, to one of some members. */
final class Calls extends DescribedPredicate<JavaAccess<?>> {

    private final Set<String> members;

    private Calls(String description, Set<String> members) {
        super(description);
        this.members = members;
    }

    /** {@code owner#name}; the owner is the one that is written in the source, or any class above it. */
    static Calls to(String description, String... members) {
        return new Calls(description, Set.of(members));
    }

    @Override
    public boolean test(JavaAccess<?> access) {
        String name = access.getTarget().getName();
        return members.stream()
                .filter(member -> member.endsWith("#" + name))
                .map(member -> member.substring(0, member.indexOf('#')))
                .anyMatch(owner -> access.getTargetOwner().isAssignableTo(owner));
    }
}
