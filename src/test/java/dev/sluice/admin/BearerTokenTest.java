package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.value.Secret;
import org.junit.jupiter.api.Test;

class BearerTokenTest {

    private final BearerToken token = new BearerToken(new Secret("secret"));

    @Test
    void theRightTokenPasses() {
        assertTrue(token.passes("Bearer secret"));
        assertTrue(token.passes("bearer  secret"));
    }

    @Test
    void allElseDoesNot() {
        assertFalse(token.passes(null));
        assertFalse(token.passes(""));
        assertFalse(token.passes("secret"));
        assertFalse(token.passes("Bearer"));
        assertFalse(token.passes("Bearer secre"));
        assertFalse(token.passes("Bearer secret2"));
        assertFalse(token.passes("Bearer Secret"));
        assertFalse(token.passes("Basic secret"));
    }

    @Test
    void withoutATokenAllPass() {
        assertTrue(new BearerToken(null).passes(null));
    }
}
