package dev.sluice.cli;

/** System properties that libraries read when they are first used; set before, and only where the user did not. */
final class LibraryProperties {

    private LibraryProperties() {}

    /**
     * Vert.x would make a folder below {@code java.io.tmpdir} for files that it takes from the class path: it takes none
     * here. A kill would leave the folder behind, and on a read-only disk the start would fail.
     */
    static void set() {
        setWhereMissing("vertx.disableFileCPResolving", "true");
        setWhereMissing("vertx.disableFileCaching", "true");
    }

    private static void setWhereMissing(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
