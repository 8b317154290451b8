package dev.sluice.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A small disk, in memory, whose size a test changes. Needs root; unmounted when closed. */
final class PostgresDisk implements AutoCloseable {

    private static final long LIMIT_SECONDS = 20;
    private static final long ROOMY_KB = 512 * 1024;

    private final Path folder;

    private PostgresDisk(Path folder) {
        this.folder = folder;
    }

    /** With plenty of room; skips the test where it is not allowed to mount. */
    static PostgresDisk mount() throws IOException {
        Path folder = Files.createTempDirectory("sluice-disk");
        String said = run("mount", "-t", "tmpfs", "-o", "size=" + ROOMY_KB + "k", "sluice-disk", folder.toString());
        if (!said.isEmpty()) {
            Files.delete(folder);
            Assumptions.abort("needs root: a tmpfs cannot be mounted here; " + said);
        }
        return new PostgresDisk(folder);
    }

    Path folder() {
        return folder;
    }

    /** From now on no more than that can be written. */
    void leave(long kb) throws IOException {
        FileStore store = Files.getFileStore(folder);
        long usedKb = (store.getTotalSpace() - store.getUnallocatedSpace()) / 1024;
        resize(usedKb + kb);
    }

    void makeRoom() {
        resize(ROOMY_KB);
    }

    private void resize(long kb) {
        String said = run("mount", "-o", "remount,size=" + kb + "k", folder.toString());
        if (!said.isEmpty()) {
            throw new AssertionError(said);
        }
    }

    @Override
    public void close() {
        String said = run("umount", folder.toString());
        if (!said.isEmpty()) {
            said += run("umount", "--lazy", folder.toString());
            System.err.println("unmounted while busy: " + said);
        }
        OwnPostgres.deleteTree(folder);
    }

    /** What it complained of; empty where it did as it was told. */
    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("does not end: " + String.join(" ", command));
            }
            return process.exitValue() == 0 ? "" : String.join(" ", command) + ": " + said;
        } catch (IOException | InterruptedException e) {
            return String.join(" ", command) + ": " + e;
        }
    }
}
