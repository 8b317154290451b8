package dev.sluice.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;

/** {@code int}, {@code byte[]} and their like, which are in no package. */
final class PrimitiveType extends DescribedPredicate<JavaClass> {

    PrimitiveType() {
        super("primitive");
    }

    @Override
    public boolean test(JavaClass type) {
        return type.getBaseComponentType().isPrimitive();
    }
}
