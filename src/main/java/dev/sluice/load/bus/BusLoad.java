package dev.sluice.load.bus;

import dev.sluice.bus.json.SubmitClient;
import dev.sluice.config.ClusterConfig;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.run.LoadRun;
import dev.sluice.load.run.RunSetup;
import dev.sluice.load.run.RunningLoad;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A load run over the event bus. It joins the cluster, runs, leaves, and only then has a result. It fails with {@link
 * java.net.ConnectException} where no node takes orders, and with {@link java.net.BindException} where one of its ports
 * is taken.
 */
public final class BusLoad extends RunningLoad {

    private final Future<BusMember> member;

    /**
     * A run over the event bus.
     *
     * @param cluster which cluster, and the two ports of this member
     * @param settings what every generator is asked; connections are messages on their way at once
     * @param account whose orders they are
     * @param timeout after which a message without an answer counts as lost
     * @param history where to write it, or null for none
     * @param release of Sluice, for the others to read
     */
    public record Options(
            ClusterConfig cluster,
            LoadSettings settings,
            String account,
            Duration timeout,
            @Nullable Path history,
            String release) {

        public Options {
            requireAccount(account);
        }
    }

    /**
     * The account's name again.
     *
     * @throws IllegalArgumentException where no account can have that name
     */
    public static String requireAccount(String account) {
        return SubmitClient.requireAccount(account);
    }

    private BusLoad(Future<BusMember> member, Future<LoadRun> begun) {
        super(begun.toCompletionStage());
        this.member = member;
    }

    /**
     * Begins to join; the run follows by itself.
     *
     * @throws IOException where the history cannot be made
     */
    public static BusLoad start(Options options) throws IOException {
        boolean inArrays = options.settings().batch() > 1;
        RunSetup setup = RunSetup.of(options.settings(), options.timeout(), options.history(), inArrays);
        Future<BusMember> member = BusMember.join(options.cluster(), options.release());
        member.onFailure(error -> setup.abandon());
        return new BusLoad(member, member.map(joined -> begin(joined, setup, options)));
    }

    private static LoadRun begin(BusMember member, RunSetup setup, Options options) {
        // The run gives up itself; that of the bus comes later, and only clears up.
        Duration later = options.timeout().plusSeconds(1);
        SubmitClient client = new SubmitClient(member.vertx(), options.account(), later);
        int batch = options.settings().batch();
        LoadRun run = new LoadRun(setup, new BusCarrier(member, client, setup.documents(), batch));
        member.lost().onComplete(lost -> run.abort(new IOException(lost.result())));
        run.start();
        return run;
    }

    /** The other members of the cluster by their names, as far as they were heard. */
    public List<String> members() {
        return member.succeeded() ? member.result().others() : List.of();
    }
}
