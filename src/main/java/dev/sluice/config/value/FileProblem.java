package dev.sluice.config.value;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** What the operating system says of a file that cannot be used, in a few words for a person. */
public final class FileProblem {

    private FileProblem() {}

    /** For instance {@code permission denied} or {@code no space left on device}; without the file's name. */
    public static String of(IOException error) {
        if (error instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (error instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (error instanceof FileAlreadyExistsException) {
            return "there is a file of that name";
        }
        if (error instanceof NotDirectoryException) {
            return "not a folder";
        }
        String said = error instanceof FileSystemException named ? named.getReason() : error.getMessage();
        return lowerCased(Objects.requireNonNullElse(said, error.getClass().getSimpleName()));
    }

    /** {@code No space left on device} stands in the middle of a sentence. */
    private static String lowerCased(String said) {
        return said.isEmpty() ? said : Character.toLowerCase(said.charAt(0)) + said.substring(1);
    }
}
