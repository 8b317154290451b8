package dev.sluice.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small file system of a test's own, in memory; needs root, and a test without is skipped. Gone at its end. */
final class RedisDisk implements AutoCloseable {

    private static final long LIMIT_SECONDS = 20;

    private final Path folder;

    private RedisDisk(Path folder) {
        this.folder = folder;
    }

    static RedisDisk mount(int megabytes) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root to mount a small disk");
        Path folder = Files.createTempDirectory("sluice-disk");
        boolean mounted = run("mount", "-t", "tmpfs", "-o", size(megabytes), "sluice-test", folder.toString());
        if (!mounted) {
            Files.delete(folder);
        }
        assumeTrue(mounted, "needs the right to mount a small disk");
        return new RedisDisk(folder);
    }

    private static String size(int megabytes) {
        return "mode=700,size=" + megabytes + "m";
    }

    String path() {
        return folder.toString();
    }

    void resize(int megabytes) throws IOException {
        if (!run("mount", "-o", "remount," + size(megabytes), folder.toString())) {
            throw new IOException("cannot resize " + folder);
        }
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Lazily where somebody still has a file open. */
    @Override
    public void close() throws IOException {
        if (!run("umount", folder.toString()) && !run("umount", "-l", folder.toString())) {
            throw new IOException("still mounted: " + folder);
        }
        Files.delete(folder);
    }
}
