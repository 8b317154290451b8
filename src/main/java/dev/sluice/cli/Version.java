package dev.sluice.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Which Sluice this is. */
public final class Version implements IVersionProvider {

    /** From the manifest of the jar; {@code development} when run from class files. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return Objects.requireNonNullElse(version, "development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"sluice " + current()};
    }
}
