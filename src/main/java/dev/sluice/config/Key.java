package dev.sluice.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a configuration key is, written once, on the record component that holds it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

    /** The default as one would write it in the file; empty means not set, for a {@code @Nullable} component only. */
    String def();

    /** The unit of the number, for people: {@code ms}, {@code bytes}, {@code orders}; empty where there is none. */
    String unit() default "";

    /** Smallest number allowed; for instances, smallest number or factor. */
    long min() default Long.MIN_VALUE;

    /** Largest number allowed. */
    long max() default Long.MAX_VALUE;

    /** One line: what it does and why one would change it. */
    String why();

    /** Never shown in full; a URI is shown without its password. */
    boolean secret() default false;

    /** The name of a section that is a word of Java, on the record component that holds it. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Section {
        String value();
    }

    /** On a component that is a map: a section for each of any number of names, all with the same keys. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Each {

        /** The record of one of them. */
        Class<? extends Record> of();

        /** What may be a name. */
        String name();

        /** One line: what they are. */
        String why();
    }
}
