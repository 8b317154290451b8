package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the servers are run: an ordinary user runs them as they are, root runs them in a user namespace of their own.
 * PostgreSQL refuses to run as root. In a namespace without a mapping it is not root and still owns its files here.
 */
final class Privileges {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);

    private Privileges() {}

    /**
     * The commands, without root's privileges.
     *
     * @throws BundledServerException for root where namespaces are refused
     */
    static ExternalCommand dropped(ExternalCommand commands) {
        return userId() == 0 ? forRoot(commands, "unshare") : commands;
    }

    static ExternalCommand forRoot(ExternalCommand commands, String unshare) {
        ExternalCommand unprivileged = commands.behind(List.of(unshare, "-U", "--"));
        String why;
        try {
            ExternalCommand.Result probe = unprivileged.tryRun("dropping root", List.of("true"), "", PROBE_LIMIT);
            if (probe.exitCode() == 0) {
                return unprivileged;
            }
            why = probe.output();
        } catch (BundledServerException e) {
            why = e.getMessage();
        }
        throw new BundledServerException("the bundled PostgreSQL cannot run as root here, as this system refuses"
                + " `unshare -U`: run as a non-root user or give an external database with `sluice serve` +"
                + " SLUICE_POSTGRES_URI\n" + why);
    }

    /** The effective user id of this process. */
    static int userId() {
        return ownerOf(Path.of("/proc/self"));
    }

    private static int ownerOf(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            throw new BundledServerException("cannot read the owner of " + path, e);
        }
    }
}
