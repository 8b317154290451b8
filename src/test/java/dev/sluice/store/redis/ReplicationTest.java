package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReplicationTest {

    @Test
    void whoHasReplicasOrIsOneOrIsInAClusterHasHeirs() {
        assertFalse(RedisSafety.tellsOfReplicas("# Replication\r\nrole:master\r\nconnected_slaves:0\r\n"));
        assertTrue(RedisSafety.tellsOfReplicas("# Replication\r\nrole:master\r\nconnected_slaves:12\r\n"));
        assertTrue(RedisSafety.tellsOfReplicas("# Replication\r\nrole:slave\r\nconnected_slaves:0\r\n"));
        assertFalse(RedisSafety.tellsOfReplicas("# Cluster\r\ncluster_enabled:0\r\n"));
        assertTrue(RedisSafety.tellsOfReplicas("# Cluster\r\ncluster_enabled:1\r\n"));
    }
}
