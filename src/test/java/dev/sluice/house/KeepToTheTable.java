package dev.sluice.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A class stands in a package of the table and knows only what the table lets that package know. */
final class KeepToTheTable extends ArchCondition<JavaClass> {

    private final String root;
    private final PackageTable table;

    KeepToTheTable(String root, PackageTable table) {
        super("keep to the package table of ARCHITECTURE.md");
        this.root = root;
        this.table = table;
    }

    @Override
    public void check(JavaClass item, ConditionEvents events) {
        PackageTable.Row row = table.of(root, item.getPackageName());
        if (row == null) {
            String message = item.getName() + " is in a package that the table does not list";
            events.add(SimpleConditionEvent.violated(item, message));
            return;
        }
        item.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> isOurs(dependency.getTargetClass()))
                .filter(dependency -> !isKnown(row, dependency.getTargetClass()))
                .map(dependency -> violation(row, dependency))
                .forEach(events::add);
    }

    private boolean isOurs(JavaClass target) {
        return target.getPackageName().equals(root) || target.getPackageName().startsWith(root + ".");
    }

    private boolean isKnown(PackageTable.Row row, JavaClass target) {
        PackageTable.Row other = table.of(root, target.getPackageName());
        return other != null && row.mayKnow(other.name());
    }

    private static ConditionEvent violation(PackageTable.Row row, Dependency dependency) {
        return SimpleConditionEvent.violated(
                dependency, "`" + row.name() + "` may not know this: " + dependency.getDescription());
    }
}
