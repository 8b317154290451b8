package dev.sluice.listener.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandshakesTest {

    @Test
    void beyondTheBoundTheOldestGivesWay() {
        AtomicInteger gaveWay = new AtomicInteger();
        Handshakes handshakes = new Handshakes(2, gaveWay::incrementAndGet);
        EmbeddedChannel first = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();
        EmbeddedChannel third = new EmbeddedChannel();
        long firstNumber = handshakes.began(first);
        long secondNumber = handshakes.began(second);
        assertTrue(first.isOpen() && second.isOpen());
        handshakes.began(third);
        assertFalse(first.isOpen());
        assertTrue(second.isOpen() && third.isOpen());
        assertEquals(1, gaveWay.get());
        handshakes.ended(firstNumber);
        assertEquals(2, handshakes.open(), "it was counted out once");
        handshakes.ended(secondNumber);
        EmbeddedChannel fourth = new EmbeddedChannel();
        handshakes.began(fourth);
        assertTrue(third.isOpen() && fourth.isOpen());
    }
}
