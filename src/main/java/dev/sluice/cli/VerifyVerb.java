package dev.sluice.cli;

import dev.sluice.config.FileProblem;
import dev.sluice.config.StoreUri;
import dev.sluice.load.history.HistoryException;
import dev.sluice.load.verify.OverflowSource;
import dev.sluice.load.verify.PostgresRows;
import dev.sluice.load.verify.Source;
import dev.sluice.load.verify.Verdict;
import dev.sluice.load.verify.Verdict.Finding;
import dev.sluice.load.verify.Verification;
import dev.sluice.node.Server;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice verify}: was every promise kept? Exit 1 and the ids where not. */
@Command(
        name = "verify",
        description = "Hold a load run's own record against PostgreSQL, the overflow and the dead letters.")
final class VerifyVerb extends Verb implements Callable<Integer> {

    @Option(names = "--history", required = true, paramLabel = "FILE", description = "written by sluice load --history")
    Path history = Path.of("");

    @Option(
            names = "--postgres-uri",
            required = true,
            paramLabel = "URI",
            converter = PostgresUris.class,
            description = StoreUri.POSTGRES_FORM)
    @Nullable
    StoreUri postgresUri;

    @Option(
            names = "--redis-uri",
            paramLabel = "URI",
            converter = RedisUris.class,
            description = "redis://user:password@host:port/db of the overflow; without it every 202 must be a row")
    @Nullable
    StoreUri redisUri;

    @Mixin
    JsonOption output = new JsonOption();

    /** Reads URIs of PostgreSQL. */
    static final class PostgresUris implements ITypeConverter<StoreUri> {
        @Override
        public StoreUri convert(String text) {
            return LoadOptions.converted(() -> StoreUri.postgres(text));
        }
    }

    /** Reads URIs of Redis. */
    static final class RedisUris implements ITypeConverter<StoreUri> {
        @Override
        public StoreUri convert(String text) {
            return LoadOptions.converted(() -> StoreUri.redis(text));
        }
    }

    @Override
    public Integer call() throws Exception {
        Verdict verdict = verdict(Objects.requireNonNull(postgresUri, "required"));
        if (output.json) {
            printJson(verdict);
        } else {
            print(verdict);
        }
        return verdict.isClean() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private Verdict verdict(StoreUri uri) throws Exception {
        try {
            return Verification.of(history, sources(uri));
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

    /** The overflow first: what is drained meanwhile is found here or there. */
    private List<Source> sources(StoreUri uri) {
        PostgresRows rows = new PostgresRows(uri);
        return redisUri == null ? List.of(rows) : List.of(new OverflowSource(redisUri, Server.overflowDecoder()), rows);
    }

    private void print(Verdict verdict) {
        PrintWriter out = out();
        out.printf("orders sent         %,12d  under %,d client order ids%n", verdict.sent(), verdict.keys());
        out.printf("  without an answer %,12d%n", verdict.unanswered());
        out.printf("acknowledged        %,12d%n", verdict.acknowledged());
        out.printf("rows                %,12d%n", verdict.rows());
        if (redisUri != null) {
            out.printf("queued or dead      %,12d%n", verdict.elsewhere());
        }
        if (verdict.isClean()) {
            out.println("clean: every acknowledged order is there once and unchanged, and nothing else");
        }
        for (Map.Entry<Finding, Long> finding : verdict.counts().entrySet()) {
            out.printf("FAILED: %,d %s%n", finding.getValue(), finding.getKey().text());
            verdict.names(finding.getKey()).forEach(name -> out.println("  " + name));
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
