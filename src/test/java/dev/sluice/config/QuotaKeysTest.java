package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits of any number of accounts, by their names. */
class QuotaKeysTest {

    @TempDir
    Path folder;

    private LoadedConfig load(String yaml, Map<String, String> environment, String... sets) throws IOException {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), yaml);
        return ConfigLoader.load(new ConfigSources(file, environment, List.of(sets), List.of()));
    }

    @Test
    void withoutAnyThereIsNoLimit() {
        QuotaConfig quota = SluiceConfig.defaults().quota();
        assertEquals(new QuotaConfig.Limits(null, null, null, null, null), quota.of("any"));
        assertEquals(Map.of(), quota.accounts());
    }

    @Test
    void anAccountHasItsOwnLimitsAndStrongerLayersWin() throws IOException {
        LoadedConfig loaded = load("""
                quota:
                  default:
                    ordersPerSecond: 100
                  accounts:
                    shop:
                      ordersPerSecond: 5000
                      burst: 20000
                    my.shop-2:
                      connections: 0
                """, Map.of("SLUICE_QUOTA_DEFAULT_BURST", "300"), "quota.accounts.shop.burst=7");
        QuotaConfig quota = loaded.config().quota();
        assertEquals(Set.of("shop", "my.shop-2"), quota.accounts().keySet());
        assertEquals(new QuotaConfig.Limits(5000L, 7L, null, null, null), quota.of("shop"));
        assertEquals(new QuotaConfig.Limits(null, null, null, null, 0L), quota.of("my.shop-2"));
        assertEquals(new QuotaConfig.Limits(100L, 300L, null, null, null), quota.of("another"));
        assertTrue(
                loaded.settings().stream()
                        .anyMatch(one -> one.key().name().equals("quota.accounts.shop.burst")
                                && one.origin().place().equals("--set")),
                "shown with its origin");
    }

    @ParameterizedTest
    @CsvSource({
        "quota.accounts.shop.ordersPerSec=1, unknown key",
        "quota.accounts.ordersPerSecond=1, is a section",
        "quota.accounts.shop=1, is a section",
        "quota.accounts=1, is a section",
        "quota=1, is a section",
        "quota.accounts.a b.burst=1, unknown key",
        "quota.accounts.shop.ordersPerSecond=-1, not a whole number",
        "quota.accounts.shop.ordersPerSecond=1.5, not a whole number",
        "quota.accounts.shop.ordersPerSecond=1000000001, out of range",
        "quota.accounts.shop.burst=5, quota.accounts.shop.ordersPerSecond",
        "quota.default.burst=5, quota.default.ordersPerSecond"
    })
    void whatIsNoLimitIsRefused(String set, String said) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of(set));
        assertTrue(thrown.getMessage().contains(said) || said.startsWith("not"), thrown.getMessage());
        assertTrue(
                thrown.getMessage().contains(set.substring(0, set.indexOf('=')).split(" ", 2)[0]), thrown.getMessage());
    }

    @Test
    void aKeyThatIsSetToNothingIsWithoutALimit() throws IOException {
        LoadedConfig loaded =
                load("quota:\n  default:\n    ordersPerSecond:\n  accounts:\n    a:\n      burst:\n", Map.of());
        assertNull(loaded.config().quota().of("x").ordersPerSecond());
        assertNull(loaded.config().quota().of("a").burst());
    }
}
