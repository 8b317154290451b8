package dev.sluice.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A small file that only its owner reads and writes: mode 0600, replaced as a whole. Blocks: not on an event loop. */
public final class PrivateFile {

    private static final int BYTES_MAX = 64 << 20;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_OF_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> OF_OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateFile() {}

    /**
     * Its text; empty where there is no such file.
     *
     * @throws IllegalArgumentException where others may read or write it, or it cannot be read: says so, and what mends it
     */
    public static Optional<String> read(Path file) {
        try {
            if (!OF_OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                throw new IllegalArgumentException(
                        file + ": other users can use it (it must have mode 0600): chmod 600 " + file);
            }
            if (Files.size(file) > BYTES_MAX) {
                throw new IllegalArgumentException(file + ": is larger than 64 MiB");
            }
            return Optional.of(Files.readString(file, UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": " + FileProblem.of(e), e);
        }
    }

    /** Replaces it as a whole, or leaves it as it was; makes its folder where that is missing. */
    public static void write(Path file, String text) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder, FOLDER_OF_OWNER);
        }
        Path target = Files.isSymbolicLink(absolute) ? absolute.toRealPath() : absolute;
        Path fresh = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".new", OWNER_ONLY);
        try {
            Files.writeString(fresh, text, UTF_8);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
