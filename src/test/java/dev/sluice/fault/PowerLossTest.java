package dev.sluice.fault;

import dev.sluice.fault.History.End;

/**
 * The power goes while a node works, and what was not synced is gone: every 201 is a row afterwards, every 202 a row, a
 * queued entry or a dead letter.
 */
class PowerLossTest {

    @Fault(value = "power-loss", slow = true)
    void whileOrdersAreCommitted() throws Exception {
        try (PowerDisk disk = PowerDisk.make();
                PoweredNode node = PoweredNode.start(disk);
                Load load = Load.start(node.port())) {
            load.awaitMore(200, End.COMMITTED);
            node.freezePostgres();
            load.awaitMore(300, End.QUEUED);
            node.thawPostgres();
            load.awaitMore(500, End.COMMITTED);
            loseAndVerify(disk, node, load);
        }
    }

    @Fault(value = "power-loss-overflow", slow = true)
    void whileOrdersAreQueued() throws Exception {
        try (PowerDisk disk = PowerDisk.make();
                PoweredNode node = PoweredNode.start(disk);
                Load load = Load.start(node.port())) {
            load.awaitMore(200, End.COMMITTED);
            node.freezePostgres();
            load.awaitMore(500, End.QUEUED);
            loseAndVerify(disk, node, load);
        }
    }

    /**
     * The node falls silent right before: a sync that the loss meets halfway may succeed here and have kept nothing, and
     * what is answered after it is an answer that no machine without power gives.
     */
    private static void loseAndVerify(PowerDisk disk, PoweredNode node, Load load) throws Exception {
        disk.arm();
        node.freeze();
        disk.cut();
        node.close();
        disk.restore();
        try (PoweredNode again = PoweredNode.start(disk)) {
            load.moveTo(again.port());
            load.awaitMore(200, End.COMMITTED);
            load.stop();
            again.awaitDrained();
            load.verify(again.postgresUri(), again.redisUri());
        }
    }
}
