package dev.sluice.cli;

import dev.sluice.auth.Accounts;
import dev.sluice.config.ConfigSources.Flag;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.value.FileProblem;
import dev.sluice.config.value.StoreUri;
import dev.sluice.load.history.HistoryException;
import dev.sluice.load.verify.Source;
import dev.sluice.load.verify.Verdict;
import dev.sluice.load.verify.Verdict.Finding;
import dev.sluice.load.verify.Verification;
import dev.sluice.node.VerifySources;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice verify}: was every promise kept? Exit 1 and the ids where not. */
@Command(
        name = "verify",
        description = "Hold a load run's own record against PostgreSQL, the overflow and the dead letters.")
final class VerifyVerb extends Verb implements Callable<Integer> {

    @Option(names = "--history", required = true, paramLabel = "FILE", description = "written by sluice load --history")
    Path history = Path.of("");

    @Option(
            names = "--account",
            paramLabel = "NAME",
            description = "whose key the run was made with: orders of others are none of it; default: any")
    @Nullable
    String account;

    @Mixin
    Stores stores = new Stores();

    @Mixin
    JsonOption output = new JsonOption();

    /** The configuration, whose URIs an option may outrank. */
    static final class Stores extends ConfigOptions {

        @Option(
                names = "--postgres-uri",
                paramLabel = "URI",
                description = "postgres.uri: " + StoreUri.POSTGRES_FORM
                        + "; better given as SLUICE_POSTGRES_URI, which other users cannot see")
        @Nullable
        String postgresUri;

        @Option(
                names = "--redis-uri",
                paramLabel = "URI",
                description =
                        "redis.uri: " + StoreUri.REDIS_FORM + " of the overflow, better given as SLUICE_REDIS_URI;"
                                + " without one every 202 must be a row")
        @Nullable
        String redisUri;

        @Override
        List<Flag> flags() {
            List<Flag> flags = super.flags();
            if (postgresUri != null) {
                flags.add(new Flag("--postgres-uri", "postgres.uri", postgresUri));
            }
            if (redisUri != null) {
                flags.add(new Flag("--redis-uri", "redis.uri", redisUri));
            }
            return flags;
        }
    }

    @Override
    public Integer call() throws Exception {
        if (account != null && !Accounts.isValid(account)) {
            throw new ParameterException(commandLine(), "--account is 1 to 64 of [A-Za-z0-9._-]");
        }
        SluiceConfig config = stores.load().config();
        config.postgres().requiredUri();
        Verdict verdict = verdict(config);
        if (output.json) {
            printJson(verdict);
        } else {
            print(verdict, config);
        }
        return verdict.isClean() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private Verdict verdict(SluiceConfig config) throws Exception {
        try {
            return Verification.of(history, account, VerifySources.of(config));
        } catch (HistoryException e) {
            throw new CliException(ExitCodes.FAILED, history + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCodes.USAGE, "no such file: " + history, e);
        } catch (Source.Unreachable e) {
            throw new CliException(ExitCodes.DEPENDENCY_UNREACHABLE, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CliException(ExitCodes.FAILED, "cannot read " + history + ": " + FileProblem.of(e), e);
        }
    }

    private void print(Verdict verdict, SluiceConfig config) {
        PrintWriter out = out();
        out.printf(
                Locale.ROOT, "orders sent         %,12d  under %,d client order ids%n", verdict.sent(), verdict.keys());
        out.printf(Locale.ROOT, "  without an answer %,12d%n", verdict.unanswered());
        out.printf(Locale.ROOT, "acknowledged        %,12d%n", verdict.acknowledged());
        out.printf(Locale.ROOT, "rows                %,12d%n", verdict.rows());
        if (config.hasOverflow()) {
            out.printf(Locale.ROOT, "queued or dead      %,12d%n", verdict.elsewhere());
        }
        if (verdict.isClean()) {
            out.println("clean: every acknowledged order is there once and unchanged, and nothing else");
        }
        for (Map.Entry<Finding, Long> finding : verdict.counts().entrySet()) {
            out.printf(
                    Locale.ROOT,
                    "FAILED: %,d %s%n",
                    finding.getValue(),
                    finding.getKey().text());
            verdict.names(finding.getKey()).forEach(name -> out.println("  " + DeadListVerb.printable(name)));
            if (finding.getValue() > Verification.NAMED_MAX) {
                out.println("  and more");
            }
        }
        out.flush();
    }

    private void printJson(Verdict verdict) {
        JsonObject findings = new JsonObject();
        verdict.counts()
                .forEach((finding, count) -> findings.put(
                        finding.name(), new JsonObject().put("count", count).put("orders", verdict.names(finding))));
        JsonOption.print(
                out(),
                new JsonObject()
                        .put("clean", verdict.isClean())
                        .put("sent", verdict.sent())
                        .put("unanswered", verdict.unanswered())
                        .put("keys", verdict.keys())
                        .put("acknowledged", verdict.acknowledged())
                        .put("rows", verdict.rows())
                        .put("elsewhere", verdict.elsewhere())
                        .put("findings", findings));
    }
}
