package dev.sluice.load.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.load.LoadResult.Client;
import org.junit.jupiter.api.Test;

class ClientWatchTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MS = 1_000_000;

    private final ClientWatch watch = new ClientWatch();

    @Test
    void theClientIsJudgedByTheTimeItRanBehind() {
        watch.looked(RunClock.MEASURED, 0, 5 * MS);
        assertNull(ClientWatch.invalid(client(), true), "5 ms are tolerated however often");
        watch.looked(RunClock.MEASURED, 0, 10 * MS);
        assertEquals(0.01, client().behindShare(), 1e-9);
        assertNull(ClientWatch.invalid(client(), true), "1 % of the time is");
        watch.looked(RunClock.MEASURED, 0, 6 * MS);
        assertNotNull(ClientWatch.invalid(client(), true));
        assertNull(ClientWatch.invalid(client(), false), "a closed run has no schedule to be behind");
        assertEquals(10, client().lagMaxMs(), 0.1);
    }

    @Test
    void whatWarmUpWasBehindDoesNotCount() {
        watch.looked(RunClock.WARM_UP, 0, SECOND);
        assertEquals(0, client().behindShare());
        assertEquals(0, client().lagMaxMs());
    }

    @Test
    void aLoopThatIsBusyAllTheTimeInvalidatesEveryRun() {
        assertNull(ClientWatch.invalid(new Client(0, 0.95, 0, 0, 0, 0), false));
        assertNotNull(ClientWatch.invalid(new Client(0, 0.96, 0, 0, 0, 0), false));
    }

    private Client client() {
        return watch.client(1, SECOND);
    }
}
