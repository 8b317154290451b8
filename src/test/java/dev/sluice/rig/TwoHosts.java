package dev.sluice.rig;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two hosts within this machine, 0 and 1: network namespaces. Each has a link to this machine, and another one to a
 * switch between the hosts, which can be cut: what is sent is dropped then, without a word. Needs root and {@code ip}
 * (iproute2), and skips the test without. One at a time in a JVM; gone when closed, so end first what runs there.
 */
public final class TwoHosts implements AutoCloseable {

    private static final int COUNT = 2;

    private final long pid = ProcessHandle.current().pid();
    private final String middle = "sluice" + pid + "s";

    private TwoHosts() {}

    public static TwoHosts open() {
        TwoHosts hosts = new TwoHosts();
        String complaint = hosts.making()
                .map(TwoHosts::complaint)
                .filter(said -> !said.isEmpty())
                .findFirst()
                .orElse("");
        if (!complaint.isEmpty()) {
            hosts.close();
        }
        assumeTrue(complaint.isEmpty(), "needs root and iproute2 to make network namespaces: " + complaint);
        return hosts;
    }

    private static String complaint(String command) {
        return Commands.complaint(command.split(" ", -1));
    }

    private static void run(String command) {
        Commands.run(command.split(" ", -1));
    }

    private Stream<String> making() {
        Stream<String> between = Stream.of(
                "ip netns add " + middle,
                "ip -n " + middle + " link add switch type bridge",
                "ip -n " + middle + " link set dev switch up");
        return Stream.concat(between, IntStream.range(0, COUNT).boxed().flatMap(this::makingHost));
    }

    private Stream<String> makingHost(int host) {
        String within = "ip -n " + space(host) + " ";
        return Stream.of(
                "ip netns add " + space(host),
                within + "link set dev lo up",
                "ip link add " + link(host) + " type veth peer name machine netns " + space(host),
                "ip addr add " + machine(host) + "/30 dev " + link(host),
                "ip link set dev " + link(host) + " up",
                within + "addr add " + address(host) + "/30 dev machine",
                within + "link set dev machine up",
                within + "link add other type veth peer name " + port(host) + " netns " + middle,
                within + "addr add " + toTheOther(host) + "/24 dev other",
                within + "link set dev other up",
                "ip -n " + middle + " link set dev " + port(host) + " master switch up");
    }

    private String space(int host) {
        return "sluice" + pid + "h" + host;
    }

    /** At most 15 characters. */
    private String link(int host) {
        return "sl" + pid + "h" + host;
    }

    private static String port(int host) {
        return "port" + host;
    }

    /** One of four addresses in a network that is kept for tests of networks. */
    private String of4(int host, int number) {
        long block = pid % (1 << 13) * COUNT + host;
        return "198.18." + block / 64 + "." + (block % 64 * 4 + number);
    }

    /** Where a host reaches this machine. */
    public String machine(int host) {
        return of4(host, 1);
    }

    /** Where this machine reaches a host. */
    public String address(int host) {
        return of4(host, 2);
    }

    /** Where the other host reaches it, unless the switch is cut. */
    public String toTheOther(int host) {
        return "198.19.0." + (host + 1);
    }

    /** What makes the command behind it run in a host. */
    public List<String> command(int host) {
        return List.of("ip", "netns", "exec", space(host));
    }

    /** From now on neither host hears the other one; both still reach this machine. */
    public void cut() {
        run("ip -n " + middle + " link set dev " + port(1) + " nomaster");
    }

    public void heal() {
        run("ip -n " + middle + " link set dev " + port(1) + " master switch");
    }

    /** With the namespaces go their links. */
    @Override
    public void close() {
        Stream.of(space(0), space(1), middle)
                .map(space -> complaint("ip netns del " + space))
                .filter(said -> !said.isEmpty() && !said.contains("No such file"))
                .forEach(System.err::println);
    }
}
