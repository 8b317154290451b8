package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the servers are run: as they stand by an ordinary user, in a user namespace of its own by root
 * (PostgreSQL refuses to run as root; in a namespace without a mapping it is nobody there and owner of its files here).
 */
final class Privileges {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);

    private final List<String> prefix;

    private Privileges(List<String> prefix) {
        this.prefix = prefix;
    }

    /** @throws BundledServerException for root where namespaces are refused */
    static Privileges detect(ExternalCommand commands) {
        return userId() == 0 ? forRoot(commands, "unshare") : new Privileges(List.of());
    }

    static Privileges forRoot(ExternalCommand commands, String unshare) {
        List<String> prefix = List.of(unshare, "-U", "--");
        String why;
        try {
            ExternalCommand.Result probe =
                    commands.tryRun("dropping root", concat(prefix, List.of("true")), "", PROBE_LIMIT);
            if (probe.exitCode() == 0) {
                return new Privileges(prefix);
            }
            why = probe.output();
        } catch (BundledServerException e) {
            why = e.getMessage();
        }
        throw new BundledServerException("the bundled PostgreSQL cannot run as root here, as this system refuses"
                + " `unshare -U`: run as a non-root user or give an external database with `sluice serve` +"
                + " SLUICE_POSTGRES_URI\n" + why);
    }

    List<String> wrap(List<String> command) {
        return concat(prefix, command);
    }

    /** The effective user id of this process. */
    static int userId() {
        return ownerOf(Path.of("/proc/self"));
    }

    /** @throws BundledServerException when the folder is another user's, whose files the server could not open */
    static void requireOwn(Path folder) {
        int owner = ownerOf(folder);
        if (owner != userId()) {
            throw new BundledServerException(folder + " belongs to user id " + owner + ", this is user id " + userId()
                    + ": run as that user, or choose another folder with --data-dir");
        }
    }

    private static int ownerOf(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            throw new BundledServerException("cannot read the owner of " + path, e);
        }
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
