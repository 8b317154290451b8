package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterMembersTest {

    private static JsonObject answer(boolean enabled) {
        return new JsonObject().put("enabled", enabled).put("members", new JsonArray());
    }

    /** The admin listener answers before the node has joined. */
    @Test
    void aNodeThatHasNotJoinedYetIsNoNodeOutsideOfClusters() {
        ClusterMembers joining = () -> List.of();
        assertEquals(answer(true), joining.json());
        assertEquals(answer(false), ClusterMembers.OFF.json());
    }
}
