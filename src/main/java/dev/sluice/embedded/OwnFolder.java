package dev.sluice.embedded;

import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that this user owns and no other can write: what is kept in it and run from it is what Sluice put there.
 * Everything is checked before anything is written. A refusal carries the command that mends it.
 */
final class OwnFolder {

    private static final int ROOT = 0;
    private static final int WRITABLE_BY_GROUP_OR_OTHERS = 0022;
    private static final int WRITABLE_BY_OTHERS = 0002;
    /** In such a folder only the owner of an entry can rename or delete it. */
    private static final int STICKY = 01000;

    /** What a shell reads between double quotes. */
    private static final Pattern OF_THE_SHELL = Pattern.compile("[$`\"\\\\\n]");

    private OwnFolder() {}

    /**
     * Makes the folder with mode 700 where it is missing; returns its real path.
     *
     * @throws BundledServerException when it is no folder, another user's, a symbolic link, writable by others, below a
     *     folder in which others could replace it, or cannot be made
     */
    static Path of(Path folder) {
        Path absolute = folder.toAbsolutePath();
        try {
            requireOwn(absolute);
            requireSafeWay(absolute);
            Files.createDirectories(
                    absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            requireOwn(absolute); // another may have been quicker
            return absolute.toRealPath();
        } catch (IOException e) {
            throw new BundledServerException(
                    "cannot use " + absolute + ": " + FileProblem.of(e) + " (user id " + Privileges.userId()
                            + "): name a folder that this user can write with --data-dir",
                    e);
        }
    }

    /**
     * The checks of {@link #of}, and whether this user can write there; makes nothing. Returns the absolute path.
     *
     * @throws BundledServerException as {@link #of}
     */
    static Path requireUsable(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        requireOwn(absolute);
        requireSafeWay(absolute);
        Path existing = absolute;
        while (!Files.exists(existing)) {
            existing = Objects.requireNonNullElse(existing.getParent(), absolute.getRoot());
        }
        if (!Files.isWritable(existing)) {
            throw new AccessDeniedException(existing.toString());
        }
        return existing.equals(absolute) ? absolute.toRealPath() : absolute;
    }

    private static void requireOwn(Path folder) throws IOException {
        if (Files.isSymbolicLink(folder)) {
            throw refused(folder, "is a symbolic link to " + Files.readSymbolicLink(folder), "name the folder itself");
        }
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw refused(folder, "is a file", "name a folder");
        }
        requireOwner(folder, "chown -R " + Privileges.userId() + " " + quoted(folder));
        if ((mode(folder) & WRITABLE_BY_GROUP_OR_OTHERS) != 0) {
            throw refused(
                    folder,
                    "can be written by others (mode " + Integer.toOctalString(mode(folder) & 07777) + ")",
                    "`chmod -R go-w " + quoted(folder)
                            + "`, and delete its postgres/binaries-* and redis/binaries-* if others may have changed"
                            + " them (they are unpacked anew)");
        }
    }

    private static void requireOwner(Path path, String mend) throws IOException {
        int owner = owner(path);
        if (owner != Privileges.userId()) {
            throw refused(
                    path,
                    "belongs to user id " + owner + ", this is user id " + Privileges.userId(),
                    "run as that user, or `" + mend + "`");
        }
    }

    /** No folder above may let others put another one in its place, and no shell may read its name as something else. */
    private static void requireSafeWay(Path folder) throws IOException {
        if (OF_THE_SHELL.matcher(folder.toString()).find()) {
            throw refused(
                    folder,
                    "has one of $ ` \" \\ or a line end in its name, which PostgreSQL's pg_ctl gives to a shell",
                    "name a folder without them");
        }
        Path existing = Objects.requireNonNullElse(folder.getParent(), folder);
        while (!Files.exists(existing)) {
            existing = Objects.requireNonNullElse(existing.getParent(), folder.getRoot());
        }
        if (!Files.isDirectory(existing)) {
            throw refused(folder, "would lie in " + existing + ", which is a file", "name another folder");
        }
        for (Path above = existing.toRealPath(); above != null; above = above.getParent()) {
            if ((mode(above) & (WRITABLE_BY_OTHERS | STICKY)) == WRITABLE_BY_OTHERS) {
                throw refused(
                        folder,
                        "lies in " + above + ", where every user could put another in its place",
                        "`chmod o-w " + quoted(above) + "` (or `chmod +t`, as /tmp has it)");
            }
        }
    }

    /**
     * The file, where it is there at all, is this user's and no symbolic link; returns it.
     *
     * @throws BundledServerException when it is not
     */
    static Path requireOwnFile(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw refused(file, "is a symbolic link to " + Files.readSymbolicLink(file), "`rm " + quoted(file) + "`");
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isRegularFile(file)) {
                throw refused(file, "is no plain file", "remove it");
            }
            requireOwner(file, "rm " + quoted(file));
        }
        return file;
    }

    /**
     * Everything in a folder of programs is this user's or root's, and no other can write it.
     *
     * @throws BundledServerException naming the first that is not
     */
    static void requireOwnPrograms(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder.toRealPath())) {
            all = paths.toList();
        }
        for (Path path : all) {
            if (owner(path) != ROOT) {
                requireOwner(path, "rm -r " + quoted(folder));
            }
            boolean open = !Files.isSymbolicLink(path) && (mode(path) & WRITABLE_BY_OTHERS) != 0;
            if (open) {
                throw refused(
                        path,
                        "is run and can be written by others",
                        "`rm -r " + quoted(folder) + "` (it is unpacked anew)");
            }
        }
    }

    private static BundledServerException refused(Path path, String why, String mend) {
        return new BundledServerException(
                path + " " + why + ": " + mend + ", or choose another folder with --data-dir");
    }

    /** As a shell takes it. */
    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }
}
