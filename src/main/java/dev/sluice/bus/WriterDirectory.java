package dev.sluice.bus;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The writers that this node may send to, by address. Writers enter when they consume and leave before they stop.
 * Thread safe; read on every event loop, changed rarely.
 */
public final class WriterDirectory {

    private final List<String> local = new CopyOnWriteArrayList<>();

    public void add(String address) {
        local.add(address);
    }

    public void remove(String address) {
        local.remove(address);
    }

    /**
     * A writer for the next message.
     *
     * @param turn any number that goes round, so that writers share the load
     * @return null where no writer is known
     */
    public @Nullable String pick(int turn) {
        Object[] addresses = local.toArray();
        return addresses.length == 0 ? null : (String) addresses[Math.floorMod(turn, addresses.length)];
    }
}
