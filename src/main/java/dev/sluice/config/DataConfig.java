package dev.sluice.config;

import java.nio.file.Path;

/** What the node keeps on its own disk. */
public record DataConfig(
        @Key(def = "data", why = "folder of the bundled servers of dev; kept across restarts, one node at a time")
        Path dir) {}
