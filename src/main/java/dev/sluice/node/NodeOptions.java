package dev.sluice.node;

import dev.sluice.admin.AdminOptions;
import dev.sluice.config.SluiceConfig;
import dev.sluice.http.BulkOptions;
import dev.sluice.http.IntakeOptions;

/** What each part is told of the configuration. */
record NodeOptions(SluiceConfig config) {

    /** A bulk order that took longer is a sign to send fewer; well below the share that it may wait. */
    private static final int TIMELY_SHARE = 10;

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
