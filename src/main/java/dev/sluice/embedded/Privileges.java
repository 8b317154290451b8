package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the servers are run: an ordinary user runs them as they are. Root, as whom PostgreSQL refuses to run, and a user
 * id without an entry in {@code /etc/passwd}, in which PostgreSQL looks up a name, run them in a user namespace of their
 * own. Without a mapping its user has no name there, and still owns its files here.
 */
final class Privileges {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);

    private Privileges() {}

    /**
     * The commands, without root's privileges.
     *
     * @throws BundledServerException where namespaces are needed and refused
     */
    static ExternalCommand dropped(ExternalCommand commands) {
        int user = userId();
        if (user == 0) {
            return inNamespace(commands, "unshare", "as root");
        }
        return hasName(user)
                ? commands
                : inNamespace(commands, "unshare", "as user id " + user + ", which has no entry in /etc/passwd,");
    }

    static ExternalCommand inNamespace(ExternalCommand commands, String unshare, String as) {
        ExternalCommand unprivileged = commands.behind(List.of(unshare, "-U", "--"));
        String why;
        try {
            ExternalCommand.Result probe =
                    unprivileged.tryRun("entering a user namespace", List.of("true"), "", PROBE_LIMIT);
            if (probe.exitCode() == 0) {
                return unprivileged;
            }
            why = probe.output();
        } catch (BundledServerException e) {
            why = e.getMessage();
        }
        throw new BundledServerException("the bundled PostgreSQL cannot run " + as + " here, as this system refuses"
                + " `unshare -U`: run as a non-root user or give an external database with `sluice serve` +"
                + " SLUICE_POSTGRES_URI\n" + why);
    }

    /** The effective user id of this process. */
    static int userId() {
        return (int) attribute("unix:uid");
    }

    private static boolean hasName(int user) {
        return !attribute("unix:owner").toString().equals(Integer.toString(user));
    }

    private static Object attribute(String name) {
        Path self = Path.of("/proc/self");
        try {
            return Files.getAttribute(self, name);
        } catch (IOException e) {
            throw new BundledServerException("cannot read the owner of " + self, e);
        }
    }
}
