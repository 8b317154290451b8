package dev.sluice.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files and folders that are there whole or not at all, some for their owner alone. */
public final class KeptFiles {

    private KeptFiles() {}

    /** Writes a file of mode 600, synced, that is either wholly there or not at all. */
    static void writeSecret(Path file, String text) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.deleteIfExists(partial);
        Files.createFile(partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(partial, text);
        publish(partial, file);
    }

    /** Fills a folder. */
    interface Maker {
        void make(Path folder) throws IOException;
    }

    /** Makes a folder once. It has a partial name until it is whole: what a kill left half-made is made again. */
    static void makeOnce(Path folder, Maker maker) throws IOException {
        Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
        deleteTree(partial);
        if (!Files.isDirectory(folder)) {
            maker.make(partial);
            publish(partial, folder);
        }
    }

    /** Syncs a finished file or folder and gives it its name; after that it outlives a power loss. */
    private static void publish(Path partial, Path name) throws IOException {
        for (Path path : contentsFirst(partial)) {
            if (!Files.isSymbolicLink(path)) {
                sync(path);
            }
        }
        Files.move(partial, name, StandardCopyOption.ATOMIC_MOVE);
        sync(name.resolveSibling(""));
    }

    private static void sync(Path fileOrFolder) throws IOException {
        try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes a folder with all that is in it; links are deleted, not followed; nothing there is fine. */
    public static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        for (Path path : contentsFirst(folder)) {
            Files.delete(path);
        }
    }

    private static List<Path> contentsFirst(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
