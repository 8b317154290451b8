package dev.sluice.node;

import dev.sluice.admin.AdminOptions;
import dev.sluice.config.SluiceConfig;
import dev.sluice.drain.DrainOptions;
import dev.sluice.http.BulkOptions;
import dev.sluice.http.IntakeOptions;
import dev.sluice.store.redis.RedisOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** What each part is told of the configuration. */
record NodeOptions(SluiceConfig config) {

    /** A bulk order that took longer is a sign to send fewer; well below the share that it may wait. */
    private static final int TIMELY_SHARE = 10;

    private static final long CLAIM_IDLE_MS_MIN = 5_000;

    IntakeOptions intake() {
        var http = config.http();
        return new IntakeOptions(
                http.host(),
                http.port(),
                http.bodyBytesMax(),
                http.deadlineMs(),
                http.headerBytesMax(),
                http.initialLineBytesMax(),
                http.idleTimeoutMs(),
                http.connectionsMax(),
                http.bodyBufferBytesMax(),
                http.serverTiming(),
                http.accessLog(),
                bulk());
    }

    /**
     * A bulk request keeps the writers busy: one batch more than they have in flight. All intakes together stay below
     * the half of the writers' buffers that bulk orders may fill.
     */
    private BulkOptions bulk() {
        int cores = Runtime.getRuntime().availableProcessors();
        long writers = config.writer().instances().resolve(cores);
        long busy =
                writers * (config.writer().inFlightMax() + 1) * config.writer().batchMax();
        long room = writers
                * config.writer().bufferMax()
                / 2
                / config.http().instances().resolve(cores);
        int outstanding =
                (int) Math.max(1, Math.min(Math.min(busy, room), config.bus().outstandingMax() / 2));
        return BulkOptions.of(
                outstanding, shareOfDeadline(TIMELY_SHARE), config.http().deadlineMs());
    }

    /** Whether orders that PostgreSQL cannot take are queued. */
    boolean hasOverflow() {
        return config.hasOverflow();
    }

    RedisOptions redis() {
        var redis = config.redis();
        var overflow = config.overflow();
        return new RedisOptions(
                Objects.requireNonNull(redis.uri(), "a node with an overflow has its URI")
                        .forClient(),
                redis.connectTimeoutMs(),
                redis.reconnectMs(),
                overflow.deadlineMs(),
                overflow.partitions(),
                overflow.entriesMax(),
                overflow.deadLettersMax(),
                config.store().allowUnsafe());
    }

    /**
     * Who reads the queue: the same after a restart, so that what was read and not settled is read again at once. Where
     * ports are any free ones the run's own name, and what an earlier run left is claimed when it has been idle.
     */
    String consumer(String node) {
        int port = config.http().port();
        int adminPort = config.admin().port();
        return port == 0 || adminPort == 0 ? node : hostName().orElse(node) + "-" + port + "-" + adminPort;
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(
                    Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        } catch (IOException e) {
            return Optional.empty(); // no Linux
        }
    }

    /** Above what a batch takes, settlement included. */
    long claimIdleMs() {
        return Math.max(
                CLAIM_IDLE_MS_MIN,
                2L * (config.writer().deadlineMs() + config.overflow().deadlineMs()));
    }

    DrainOptions drain() {
        return DrainOptions.of(
                config.overflow().drainBatchMax(), config.writer().deadlineMs());
    }

    AdminOptions admin() {
        var admin = config.admin();
        return new AdminOptions(
                admin.host(),
                admin.port(),
                admin.token() == null ? null : admin.token().value());
    }

    private long shareOfDeadline(int percent) {
        return Math.max(1, config.writer().deadlineMs() * (long) percent / 100);
    }
}
