package dev.sluice.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.Commands;
import dev.sluice.rig.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk of a test's own that can lose its power: an ext4 in a file, on a loop device. {@link #cut()} shuts it down as
 * it stands, after which nothing reaches it, the journal included; {@link #restore()} brings back what was synced.
 * Needs root, and skips the test where that or a tool is missing. Every method blocks; one thread.
 */
final class PowerDisk implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;
    private static final long SIZE_BYTES = 1L << 30;
    private static final int UNSYNCED_BYTES = 1 << 20;

    /** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH, once a line comes. */
    private static final String SWITCH = """
            import fcntl, os, struct, sys
            disk = os.open(sys.argv[1], os.O_RDONLY)
            print(flush=True)
            sys.stdin.readline()
            fcntl.ioctl(disk, 0x8004587d, struct.pack('I', 2))
            """;

    private final Path home;
    private final Path image;
    private final Path folder;
    private Process powerSwitch;
    private boolean mounted;
    private boolean closed;

    private PowerDisk() throws IOException {
        home = Files.createTempDirectory("sluice-power");
        image = home.resolve("image");
        folder = Files.createDirectory(home.resolve("disk"));
    }

    /** A new one, empty, with power. */
    static PowerDisk make() throws IOException {
        assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")), "needs root");
        for (String tool : List.of("mkfs.ext4", "mount", "umount", "python3")) {
            assumeTrue(works("sh", "-c", "command -v " + tool), "needs " + tool);
        }
        PowerDisk disk = new PowerDisk();
        Runtime.getRuntime().addShutdownHook(new Thread(disk::close, "unmount"));
        Commands.run("truncate", "--size=" + SIZE_BYTES, disk.image.toString());
        Commands.run("mkfs.ext4", "-q", "-F", disk.image.toString());
        if (!disk.tryMount()) {
            disk.close();
            assumeTrue(false, "needs the right to mount a loop device");
        }
        return disk;
    }

    Path folder() {
        return folder;
    }

    /** Everything so far outlives what comes. */
    void sync() {
        Commands.run("sync", "--file-system", folder.toString());
    }

    /** What takes time before a {@link #cut()}: in a tenth of a second a server may sync what it owes. */
    void arm() throws IOException {
        powerSwitch = new ProcessBuilder("python3", "-c", SWITCH, folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        powerSwitch.getInputStream().read();
    }

    /** The power goes, as far as the disk is concerned; its users may not notice. Arm it before. */
    void cut() throws IOException {
        Files.write(unsynced(), new byte[UNSYNCED_BYTES]);
        powerSwitch.getOutputStream().write('\n');
        powerSwitch.getOutputStream().close();
        if (endOf(powerSwitch, List.of("the power switch")) != 0) {
            throw new AssertionError("the power stays on");
        }
    }

    private Path unsynced() {
        return folder.resolve("unsynced");
    }

    /** SIGKILL to every process that works in a folder of this disk; returns when all have left. */
    void killUsers() {
        Await.until("its users to leave", () -> {
            List<Long> users = users();
            if (!users.isEmpty()) {
                Commands.signal("KILL", users);
            }
            return users.isEmpty();
        });
    }

    private List<Long> users() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(this::worksHere)
                .toList();
    }

    private boolean worksHere(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).startsWith(folder);
        } catch (IOException gone) {
            return false;
        }
    }

    /** The power is back: mounted anew, what is in the journal replayed. No process may have it open. */
    void restore() throws IOException {
        unmount();
        if (!tryMount()) {
            throw new AssertionError("cannot mount " + image);
        }
        boolean lost = !Files.exists(unsynced()) || Files.size(unsynced()) < UNSYNCED_BYTES;
        if (!lost) {
            throw new AssertionError("void: the power loss lost nothing that was unsynced");
        }
    }

    /** The loop device goes with the mount. */
    private boolean tryMount() {
        mounted = works("mount", "-o", "loop", image.toString(), folder.toString());
        return mounted;
    }

    private void unmount() {
        if (mounted) {
            Await.until("an unmount", () -> works("umount", folder.toString()));
            mounted = false;
        }
    }

    private static boolean works(String... command) {
        return Commands.complaint(command).isEmpty();
    }

    private static int endOf(Process process, List<String> command) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("does not end: " + command);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(command.toString(), e);
        }
    }

    /** Also run where the tests are stopped in the middle: a mount would stay. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (powerSwitch != null) {
                powerSwitch.destroyForcibly();
            }
            killUsers();
            unmount();
        } finally {
            if (mounted) {
                works("umount", "--lazy", folder.toString());
            }
            Folders.deleteTree(home);
        }
    }
}
