package dev.sluice.cli;

import java.nio.file.Files;
import java.nio.file.Path;

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
}
