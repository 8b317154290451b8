package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BuildTest {
    @Test
    void builds() {
        assertEquals(2, Integer.parseInt("2"));
    }
}
