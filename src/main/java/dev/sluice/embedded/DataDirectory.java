package dev.sluice.embedded;

import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder that belongs to one process at a time: the holder of this object may start, stop and delete what is inside.
 *
 * <p>The operating system holds the lock, so a {@code kill -9} releases it. Any thread; {@link #close()} releases.
 */
public final class DataDirectory implements AutoCloseable {

    private static final String LOCK_FILE = "sluice.lock";

    private static final Set<OpenOption> LOCK_OPTIONS = Set.of(
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    /** POSIX locks do not exclude one's own process, and closing a second channel would drop the first one's lock. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the folder where it is missing (mode 700: it will hold passwords) and takes it.
     *
     * @throws BundledServerException when another process has it, it is no {@link OwnFolder} or cannot be written
     */
    public static DataDirectory open(Path folder) {
        Path path = OwnFolder.of(folder);
        if (!HELD_HERE.add(path)) {
            throw inUse(path, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return new DataDirectory(path, lock(path));
        } catch (IOException e) {
            HELD_HERE.remove(path);
            throw unusable(path, e);
        } catch (RuntimeException e) {
            HELD_HERE.remove(path);
            throw e;
        }
    }

    /**
     * Why {@link #open} would refuse the folder; empty where it would not. Makes and changes nothing: a folder that is
     * missing is only looked at from above.
     */
    public static Optional<String> trouble(Path folder) {
        try {
            Path path = OwnFolder.requireUsable(folder);
            return isHeld(path) ? Optional.of("data directory " + path + " is in use") : Optional.empty();
        } catch (BundledServerException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Optional.of(String.valueOf(unusable(folder, e).getMessage()));
        }
    }

    /** Asks for the lock without taking it. */
    private static boolean isHeld(Path path) throws IOException {
        Path file = path.resolve(LOCK_FILE);
        if (HELD_HERE.contains(path)) {
            return true;
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(
                        OwnFolder.requireOwnFile(file), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        }
    }

    /** The real path: absolute, symbolic links resolved. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new BundledServerException("cannot release the data directory " + path, e);
        } finally {
            HELD_HERE.remove(path);
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(OwnFolder.requireOwnFile(path.resolve(LOCK_FILE)), LOCK_OPTIONS);
        try {
            if (channel.tryLock() == null) {
                throw inUse(path, read(channel));
            }
            write(channel, Long.toString(ProcessHandle.current().pid()));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).trim();
    }

    private static void write(FileChannel channel, String processId) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((processId + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static BundledServerException inUse(Path path, String holder) {
        return new BundledServerException("data directory " + path + " is in use by "
                + (holder.isEmpty() ? "another process" : "process " + holder)
                + ": stop that one, or choose another with --data-dir");
    }

    private static BundledServerException unusable(Path path, IOException cause) {
        return new BundledServerException(
                "cannot use data directory " + path + ": " + FileProblem.of(cause)
                        + ": let this user write there, or choose another with --data-dir",
                cause);
    }
}
