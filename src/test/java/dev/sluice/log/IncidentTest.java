package dev.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IncidentTest {

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private Incident incident;

    @BeforeEach
    void listen() {
        LoggerContext context = new LoggerContext();
        Logger log = context.getLogger("test");
        lines.setContext(context);
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.DEBUG);
        incident = new Incident(log, "PostgreSQL at db:5432", nanos::get);
    }

    @Test
    void anOutageWarnsOnceAndEndsOnce() {
        incident.failed("refused");
        incident.failed("refused");
        incident.failed("timed out");
        assertTrue(incident.isOpen());
        assertEquals(3, incident.failures());
        nanos.addAndGet(2_500_000_000L);
        incident.over();
        incident.over();
        assertFalse(incident.isOpen());
        assertEquals(
                List.of(
                        "WARN PostgreSQL at db:5432: refused (repeats at debug until it is over)",
                        "DEBUG PostgreSQL at db:5432: refused",
                        "DEBUG PostgreSQL at db:5432: timed out",
                        "INFO PostgreSQL at db:5432: over after 2.5 s, 3 failures"),
                written());
    }

    @Test
    void aChangedReasonWarnsAgainAtMostOnceASecond() {
        incident.failed("timed out");
        nanos.addAndGet(999_999_999L);
        incident.failed("wrong password");
        nanos.addAndGet(1);
        incident.failed("wrong password");
        nanos.addAndGet(5_000_000_000L);
        incident.failed("wrong password");
        assertEquals(
                List.of(
                        "WARN PostgreSQL at db:5432: timed out (repeats at debug until it is over)",
                        "DEBUG PostgreSQL at db:5432: wrong password",
                        "WARN PostgreSQL at db:5432: wrong password (repeats at debug until it is over)",
                        "DEBUG PostgreSQL at db:5432: wrong password"),
                written());
    }

    @Test
    void theNextOutageWarnsAgain() {
        incident.failed("a");
        incident.over();
        incident.failed("b");
        assertEquals(1, incident.failures());
        assertEquals(
                2, written().stream().filter(line -> line.startsWith("WARN")).count());
    }

    @Test
    void healthIsSilent() {
        incident.over();
        assertEquals(0, incident.failures());
        assertEquals(List.of(), written());
    }

    @Test
    void ofManyThreadsOneWarnsAndAllCount() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> failOften(start)));
        }
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(8_000, incident.failures());
        assertEquals(
                1, written().stream().filter(line -> line.startsWith("WARN")).count());
    }

    private void failOften(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < 1_000; i++) {
            incident.failed("x");
        }
    }

    private List<String> written() {
        return List.copyOf(lines.list).stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
