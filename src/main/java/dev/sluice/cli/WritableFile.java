package dev.sluice.cli;

import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that a verb writes at its end: looked at before it begins, since minutes of work would be lost otherwise. */
final class WritableFile {

    private WritableFile() {}

    /**
     * Fails with exit code 1 where the file could not be written.
     *
     * @param option that names it
     */
    static void require(String option, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        boolean isFolder = folder != null && Files.isDirectory(folder);
        boolean writable = Files.exists(file)
                ? Files.isRegularFile(file) && Files.isWritable(file)
                : isFolder && Files.isWritable(folder);
        if (!writable) {
            String why = isFolder ? "cannot be written there" : "its folder does not exist";
            throw new CliException(ExitCodes.FAILED, option + " " + file + ": " + why + "; name another file");
        }
    }

    /** Writes it whole; fails with exit code 1 and the file's name. */
    static void write(String option, Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new CliException(
                    ExitCodes.FAILED, option + " " + file + " cannot be written: " + FileProblem.of(e), e);
        }
    }

    /** Two results in one file: the second would write over the first. */
    static void requireAnother(String option, Path file, String other, @Nullable Path otherFile) {
        if (otherFile != null && normal(file).equals(normal(otherFile))) {
            throw new CliException(
                    ExitCodes.USAGE, option + " and " + other + " are both " + file + "; name another file");
        }
    }

    private static Path normal(Path file) {
        return file.toAbsolutePath().normalize();
    }
}
