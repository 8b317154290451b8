package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.BundledServer.Options;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Queued;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.TestOrders;
import dev.sluice.store.UnsafeStoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that does not keep what it acknowledges is refused, by the name of the setting to change. */
@Tag("contract")
class RedisSafetyTest {

    private static final Map<String, String> SAFE = Map.of(
            "appendonly", "yes",
            "appendfsync", "always",
            "no-appendfsync-on-rewrite", "no",
            "maxmemory-policy", "noeviction",
            "maxmemory", "1000");

    private static RedisSafety with(boolean waitAof, String... changes) {
        Map<String, String> settings = new HashMap<>(SAFE);
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        return RedisSafety.judge(settings, waitAof);
    }

    @Test
    void eachUnsafeSettingIsNamedWithItsMend() {
        assertEquals(new RedisSafety(List.of(), false, 1_000), with(false));
        assertEquals(
                List.of("appendonly = no (set appendonly yes)"),
                with(true, "appendonly", "no").unsafe());
        assertEquals(
                List.of("appendfsync = everysec (set appendfsync always)"),
                with(false, "appendfsync", "everysec").unsafe());
        assertEquals(
                List.of("no-appendfsync-on-rewrite = yes (set no-appendfsync-on-rewrite no)"),
                with(true, "no-appendfsync-on-rewrite", "yes").unsafe());
        assertEquals(
                List.of("maxmemory-policy = allkeys-lru (set maxmemory-policy noeviction)"),
                with(true, "maxmemory-policy", "allkeys-lru").unsafe());
        assertEquals(
                List.of("maxmemory = 0 (set maxmemory below the memory of the machine)"),
                with(true, "maxmemory", "0").unsafe());
        assertEquals(5, RedisSafety.judge(Map.of(), true).unsafe().size(), "unreadable is unsafe");
    }

    @Test
    void whereTheServerTellsOfItsSyncsTheyAreWaitedFor() {
        assertEquals(new RedisSafety(List.of(), true, 1_000), with(true, "appendfsync", "everysec"));
        assertEquals(new RedisSafety(List.of(), false, 1_000), with(true), "always needs no wait");
        assertEquals(1, with(true, "appendfsync", "no").unsafe().size(), "nothing would be synced to wait for");
    }

    @Test
    void memoryThatEndsBeforeTheBoundOfEntriesIsWarnedOf() throws Exception {
        RedisSafety half = with(false, "maxmemory", Long.toString(512L << 20));
        assertEquals(
                List.of(
                        "maxmemory 512 MiB ends before overflow.entriesMax 1000000: an order takes about 1 KiB, and without"
                                + " memory the next one is refused (set maxmemory 977mb, or overflow.entriesMax 524288)"),
                half.warnings(1_000_000));
        assertEquals(List.of(), half.warnings(524_288));
        try (TestRedis server = TestRedis.start("maxmemory", "4mb");
                RedisRig rig = RedisRig.on(server)) {
            rig.overflow();
            assertEquals(1, rig.status("overflow").findings.warnings().size());
        }
    }

    @Test
    void anUnsafeServerIsRefusedUntilItIsMended() throws Exception {
        try (TestRedis server = TestRedis.start(
                        Options.defaults().with("appendfsync", "no").with("maxmemory", "0"));
                RedisRig rig = RedisRig.on(server)) {
            OverflowQueue overflow = rig.startOverflow();
            rig.until("refused", () -> !rig.status("overflow").refusals.isEmpty());
            String message = assertInstanceOf(
                            UnsafeStoreException.class,
                            rig.status("overflow").refusals.get(0))
                    .getMessage();
            assertTrue(message.contains("appendfsync = no (set appendfsync always)"), message);
            assertTrue(message.contains("maxmemory = 0"), message);
            assertFalse(message.contains("appendonly"), message);
            assertFalse(overflow.isUp());
            var refused = rig.await(() -> overflow.offer(TestOrders.many("k", 1), rig.in(1_000)));
            assertInstanceOf(NotStored.class, refused.get(0));

            server.command("CONFIG", "SET", "appendfsync", "always", "maxmemory", "64mb");
            rig.awaitUp();
            var queued = rig.await(() -> overflow.offer(TestOrders.many("k", 1), rig.in(1_000)));
            assertInstanceOf(Queued.class, queued.get(0));
        }
    }

    @Test
    void settingsThatCannotBeReadAreUnsafe() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            server.command("ACL", "SETUSER", "limited", "on", ">secret", "~*", "+@all", "-config");
            assertRefused(server.uri("limited", "secret"), "appendonly = unreadable");
        }
    }

    private static final String RECOMMENDED =
            "on >secret ~sluice:* +@all -@dangerous -@admin -@scripting +config|get +info +acl|dryrun";

    private static String limited(TestRedis server) {
        return server.uri("limited", "secret");
    }

    private static void user(TestRedis server, String name, String rules) {
        server.command(("ACL SETUSER " + name + " " + rules).split(" ", -1));
    }

    /** What it queued is dropped by a restart, in each of these ways. */
    @Test
    void aDefaultUserInWhoseNameTheFileCannotBeReplayedIsUnsafe() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            user(server, "limited", RECOMMENDED);
            user(server, "default", "-xadd -@hash");
            assertRefused(limited(server), "user default may not XADD, HSETNX, HSET, HDEL");
            user(server, "default", "+@all resetkeys ~other:*");
            assertRefused(limited(server), "(ACL SETUSER default off ~* &* +@all)");
        }
    }

    @Test
    void aDefaultUserThatIsOffAndHasItsRightsIsSafe() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            user(server, "limited", RECOMMENDED);
            user(server, "default", "off ~* &* +@all");
            assertEquals(List.of(), warningsOf(limited(server)));
        }
    }

    @Test
    void whereTheDefaultUsersRightsCannotBeReadThereIsAWarning() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            user(server, "limited", RECOMMENDED + " -acl");
            List<String> warnings = warningsOf(limited(server));
            assertEquals(1, warnings.size(), warnings.toString());
            assertTrue(warnings.get(0).contains("+acl|dryrun"), warnings.toString());
        }
    }

    private static List<String> warningsOf(String uri) {
        SluiceConfig config = RedisRig.config(uri, "overflow.partitions=2", "overflow.entriesMax=100");
        try (RedisRig rig = RedisRig.on(null, config)) {
            rig.overflow();
            return rig.status("overflow").findings.warnings();
        }
    }

    private static void assertRefused(String uri, String because) {
        SluiceConfig config = RedisRig.config(uri, "overflow.entriesMax=100");
        try (RedisRig rig = RedisRig.on(null, config)) {
            rig.startOverflow();
            rig.until("refused", () -> !rig.status("overflow").refusals.isEmpty());
            String message = rig.status("overflow").refusals.get(0).getMessage();
            assertTrue(message.contains(because), message);
        }
    }

    @Test
    void anUnsafeServerIsUsedWhereThatIsAllowed() throws Exception {
        try (TestRedis server =
                TestRedis.start(Options.defaults().with("appendonly", "no").with("maxmemory", "0"))) {
            try (RedisRig rig = RedisRig.on(server, "store.allowUnsafe=true")) {
                OverflowQueue overflow = rig.overflow();
                var queued = rig.await(() -> overflow.offer(TestOrders.many("k", 1), rig.in(1_000)));
                assertInstanceOf(Queued.class, queued.get(0));
            }
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            assertRefused(server.uri("sluice", "wrong"), "WRONGPASS");
        }
    }
}
