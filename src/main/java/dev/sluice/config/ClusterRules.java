package dev.sluice.config;

import dev.sluice.config.Rules.Rule;
import dev.sluice.config.file.MutualTlsFiles;
import dev.sluice.config.value.Instances;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What must hold between the keys of a node that is a member of a cluster. */
final class ClusterRules {

    private ClusterRules() {}

    /** Without writers, or without an order API, a node is of use only to others. */
    record NoneOnlyInACluster() implements Rule {

        @Override
        public Stream<String> keys() {
            return Stream.of("http.instances", "writer.instances", "cluster.enabled");
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            List<String> none = Stream.of("http.instances", "writer.instances")
                    .filter(key -> Rules.setting(settings, key).value() instanceof Instances some && some.count() == 0)
                    .map(key -> Rules.setting(settings, key).described())
                    .toList();
            if (none.size() == 2) {
                return Optional.of(String.join(" and ", none) + ": the node would do nothing; raise one of them");
            }
            boolean alone = Boolean.FALSE.equals(
                    Rules.setting(settings, "cluster.enabled").value());
            return none.isEmpty() || !alone
                    ? Optional.empty()
                    : Optional.of(none.get(0) + " needs other nodes; set cluster.enabled, or raise it");
        }
    }

    /** Where to look for other nodes, one way of two, and two ports. */
    record Members() implements Rule {

        private static final String MEMBER = "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?";

        @Override
        public Stream<String> keys() {
            return Stream.of(
                    "cluster.members", "cluster.kubernetesService", "cluster.host", "cluster.port", "cluster.busPort");
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            Setting members = Rules.setting(settings, "cluster.members");
            Setting service = Rules.setting(settings, "cluster.kubernetesService");
            if (members.value() != null && service.value() != null) {
                return Optional.of(members.described() + " and " + service.described() + " exclude each other");
            }
            String list = String.valueOf(members.shown());
            if (members.value() != null && !list.matches("\\s*" + MEMBER + "(\\s*,\\s*" + MEMBER + ")*\\s*")) {
                return Optional.of(members.described() + " is no list of nodes; write host:port,host:port");
            }
            String host = String.valueOf(Rules.setting(settings, "cluster.host").shown());
            if (host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]")) {
                return Optional.of(Rules.setting(settings, "cluster.host").described()
                        + " is no address that others can connect to; name the one interface, such as the"
                        + " pod's address");
            }
            return Rules.number(settings, "cluster.port") == Rules.number(settings, "cluster.busPort")
                    ? Optional.of(Rules.setting(settings, "cluster.port").described() + " and "
                            + Rules.setting(settings, "cluster.busPort").described()
                            + " must differ; change one of them")
                    : Optional.empty();
        }
    }

    /** The event bus is encrypted with all three files, which fit each other, or with none. */
    record BusFiles() implements Rule {

        private static final String CA = "cluster.tls.ca";
        private static final String CERT = "cluster.tls.cert";
        private static final String KEY = "cluster.tls.key";

        @Override
        public Stream<String> keys() {
            return Stream.of(CA, CERT, KEY);
        }

        @Override
        public Optional<String> problem(Map<String, Setting> settings) {
            List<Setting> given = new ArrayList<>();
            List<String> missing = new ArrayList<>();
            keys().forEach(key -> {
                Setting setting = Rules.setting(settings, key);
                if (setting.value() == null) {
                    missing.add(key);
                } else {
                    given.add(setting);
                }
            });
            if (given.isEmpty()) {
                return Optional.empty();
            }
            return missing.isEmpty()
                    ? unfit(settings)
                    : Optional.of(String.join(" and ", missing) + " must be set beside "
                            + given.get(0).described() + ": the event bus is encrypted with all three of cluster.tls,"
                            + " or with none");
        }

        private static Optional<String> unfit(Map<String, Setting> settings) {
            try {
                new MutualTlsFiles(file(settings, CA), file(settings, CERT), file(settings, KEY)).require();
                return Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.of("cluster.tls: " + e.getMessage());
            }
        }

        private static Path file(Map<String, Setting> settings, String key) {
            return Path.of(String.valueOf(Rules.setting(settings, key).value()));
        }
    }
}
