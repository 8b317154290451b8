package dev.sluice.rig;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk in memory whose size a test changes. Needs root, and skips the test without; unmounted when closed. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    public static SmallDisk mount(long kb) throws IOException {
        Path folder = Files.createTempDirectory("sluice-disk");
        String complaint = Commands.complaint("mount", "-t", "tmpfs", "-o", size(kb), "sluice-disk", folder.toString());
        if (!complaint.isEmpty()) {
            Files.delete(folder);
        }
        assumeTrue(complaint.isEmpty(), "needs root to mount a small disk: " + complaint);
        return new SmallDisk(folder);
    }

    private static String size(long kb) {
        return "mode=700,size=" + kb + "k";
    }

    public Path folder() {
        return folder;
    }

    /** From now on no more than that can be written. */
    public void leave(long kb) throws IOException {
        FileStore store = Files.getFileStore(folder);
        resize((store.getTotalSpace() - store.getUnallocatedSpace()) / 1024 + kb);
    }

    public void resize(long kb) {
        Commands.run("mount", "-o", "remount," + size(kb), folder.toString());
    }

    /** From now on nothing can be written. */
    public void readOnly() {
        Commands.run("mount", "-o", "remount,ro", folder.toString());
    }

    @Override
    public void close() {
        String complaint = Commands.complaint("umount", folder.toString());
        if (!complaint.isEmpty()) {
            System.err.println("busy: " + complaint + Commands.complaint("umount", "--lazy", folder.toString()));
        }
        Folders.deleteTree(folder);
    }
}
