package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.SmallDisk;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import java.util.function.LongConsumer;

/** PostgreSQL goes away beside a Redis that works: 202 meanwhile, 201 again unaided, and all of it becomes rows. */
class PostgresOutageTest {

    private static final long ROOMY_KB = 512 * 1024;

    @Fault("postgres-killed")
    void killedAndBackFiveSecondsLater() throws Exception {
        try (NodeRig rig = NodeRig.serving()) {
            Load load = rig.load();
            rig.postgres.kill();
            load.awaitMore(100, End.QUEUED);
            Await.pause("the outage itself", 5_000);
            rig.postgres.restart();
            load.awaitMore(200, End.COMMITTED);
            rig.verifyAllAcknowledged();
        }
    }

    @Fault("backend-killed")
    void oneBackendInTheMiddleOfABatch() throws Exception {
        try (NodeRig rig = NodeRig.serving()) {
            Load load = rig.load();
            rig.sql("create function hold() returns trigger language plpgsql as"
                    + " $$ begin perform pg_advisory_xact_lock_shared(42); return null; end $$");
            rig.sql("create trigger hold before insert on orders for each statement execute function hold()");
            endOneThatInserts(rig, load, pid -> rig.sql("select pg_terminate_backend(" + pid + ")"));
            load.awaitMore(100, End.COMMITTED);
            // unasked: then PostgreSQL restarts all of its processes
            endOneThatInserts(rig, load, pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            load.awaitMore(100, End.COMMITTED);
            assertTrue(rig.postgres.log().contains("terminating connection due to administrator command"), "void");
            assertTrue(rig.postgres.log().contains("was terminated by signal 9"), "void");
            rig.verifyAllAcknowledged();
        }
    }

    /** It waits for a lock in the middle of its statement. */
    private static void endOneThatInserts(NodeRig rig, Load load, LongConsumer end) throws Exception {
        try (PostgresSession holder = PostgresSession.open(rig.postgres.uri())) {
            holder.execute("select pg_advisory_lock(42)");
            rig.awaitState("the end of a batch in the middle", () -> {
                long pid = Long.parseLong(rig.sqlText("select coalesce(max(pid), 0)::text from pg_locks"
                        + " where not granted and locktype = 'advisory' and objid = 42"));
                if (pid > 0) {
                    end.accept(pid);
                }
                return pid > 0;
            });
            load.awaitMore(10, End.QUEUED);
        }
    }

    @Fault(value = "postgres-frozen-30s", slow = true)
    void frozenForThirtySecondsTheBatchThatWasUnderWayCommitsLate() throws Exception {
        try (NodeRig rig = NodeRig.serving()) {
            Load load = rig.load();
            rig.postgres.freeze();
            load.awaitMore(300, End.QUEUED);
            Await.pause("the outage itself", 30_000);
            load.stop();
            long committed = load.history.count(End.COMMITTED);
            rig.node().signal("STOP");
            try {
                rig.postgres.thaw();
                rig.awaitState("a late commit, without a drain", () -> rig.rows() > committed);
            } finally {
                rig.node().signal("CONT");
            }
            rig.await("201 again", () -> rig.post("afterwards").status() == 201);
            rig.verifyAllAcknowledged();
        }
    }

    @Fault("answer-cut")
    void answersThatAreCutAfterTheCommit() throws Exception {
        TestPostgres postgres = TestPostgres.start();
        try (TcpProxy proxy = TcpProxy.at(0, postgres.uri());
                NodeRig rig = NodeRig.serving(postgres, proxy.uri())) {
            Load load = rig.load();
            proxy.muteAfter(1_000);
            rig.awaitState("the cut", proxy::isMute);
            load.awaitMore(10, End.QUEUED);
            rig.awaitState("a commit without an answer", () -> rig.rows() > load.history.count(End.COMMITTED));
            for (int bytes = 1; bytes < 2_000; bytes += 777) {
                proxy.mute(false);
                proxy.cut();
                load.awaitMore(100, End.COMMITTED);
                proxy.muteAfter(bytes);
                rig.awaitState("the cut", proxy::isMute);
                load.awaitMore(10, End.QUEUED);
            }
            proxy.mute(false);
            proxy.cut();
            load.awaitMore(100, End.COMMITTED);
            load.awaitMore(1, End.REPLAYED);
            rig.verifyAllAcknowledged();
        }
    }

    @Fault("standby")
    void itsServerIsAReadOnlyStandbyForAWhile() throws Exception {
        try (NodeRig rig = NodeRig.serving()) {
            Load load = rig.load();
            rig.postgres.restartAsStandby();
            assertEquals("true", rig.sqlText("select pg_is_in_recovery()::text"), "void: no standby");
            load.awaitMore(100, End.QUEUED);
            rig.sql("select pg_promote()");
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAllAcknowledged();
        }
    }

    @Fault(value = "postgres-disk-full", slow = true)
    void itsDiskIsFull() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(ROOMY_KB)) {
            TestPostgres postgres = TestPostgres.startIn(disk.folder().resolve("data"));
            try (NodeRig rig = NodeRig.serving(postgres, postgres.uri())) {
                Load load = rig.load();
                disk.leave(64);
                load.awaitMore(200, End.QUEUED);
                rig.awaitState("the reason", () -> rig.node().errors().contains("53100"));
                try (PostgresSession other = PostgresSession.open(postgres.uri())) {
                    rig.awaitState("a panic for want of a WAL file", () -> !other.attempt("select pg_switch_wal()"));
                }
                load.awaitMore(200, End.QUEUED);
                disk.resize(ROOMY_KB);
                long committed = load.history.count(End.COMMITTED);
                rig.await("201 again", () -> {
                    if (!postgres.isRunning()) {
                        postgres.restart();
                    }
                    return load.history.count(End.COMMITTED) >= committed + 100;
                });
                rig.verifyAllAcknowledged();
            }
        }
    }
}
