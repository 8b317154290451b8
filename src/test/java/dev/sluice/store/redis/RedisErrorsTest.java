package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFailure.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients hear the code of an error of Redis; its text, which may name users, keys and hosts, is for the log. */
class RedisErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "NOPERM User app has no permissions to run the 'hsetnx' command|UNKNOWN|Redis answered NOPERM",
                "\"ERR [3] NOPERM User app may not\nERR [5] EXECABORT Transaction discarded\"|NOT_STORED|Redis answered NOPERM",
                "MISCONF Errors writing to the AOF file /var/lib/redis: No space left|UNKNOWN|Redis answered MISCONF",
                "MOVED 3999 10.0.0.7:6381|UNKNOWN|Redis answered MOVED",
                "ERR unknown command 'WAITAOF'|UNKNOWN|Redis answered ERR",
                "ERR|UNKNOWN|Redis answered ERR",
                "Connection is closed|NOT_STORED|the connection to Redis was lost",
                "CONNECTION_CLOSED|UNKNOWN|the connection to Redis was lost",
                "recvAddress(..) failed: Connection reset by peer: redis7.internal|UNKNOWN|the connection to Redis was lost",
                "OOM command not allowed when used memory > 'maxmemory'.|UNKNOWN|"
                        + "the overflow's Redis has no memory left (maxmemory)"
            })
    void clientsHearTheCodeAlone(String message, Kind kind, String reason) {
        StoreFailure failure = RedisErrors.failureOf(new IllegalStateException(message));
        assertEquals(kind, failure.kind());
        assertEquals(reason, failure.reason());
    }
}
