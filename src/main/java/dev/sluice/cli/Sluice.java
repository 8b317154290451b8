package dev.sluice.cli;

import dev.sluice.config.file.PathText;
import dev.sluice.load.DurationText;
import dev.sluice.load.Threshold;
import dev.sluice.load.http.Target;
import dev.sluice.tune.search.Slo;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code sluice}: its verbs, its streams and the environment that they see. */
@Command(
        name = "sluice",
        description = "Order intake that answers when the order is stored.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        footer = {
            "",
            "Exit codes: 0 ok, 1 failed, 2 usage, 3 bad configuration,",
            "            4 a dependency cannot be reached, 99 a threshold was missed,",
            "            130 interrupted"
        },
        subcommands = {
            DevVerb.class,
            ServeVerb.class,
            ConfigVerb.class,
            DbVerb.class,
            KeyVerb.class,
            LoadVerb.class,
            VerifyVerb.class,
            TuneVerb.class,
            DoctorVerb.class,
            OrderVerb.class,
            OverflowVerb.class,
            ClusterVerb.class,
            DeadVerb.class,
            VersionVerb.class,
            CompletionVerb.class,
            HelpVerb.class
        })
public final class Sluice implements Runnable {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final Map<String, String> environment;

    @Spec
    @Nullable
    CommandSpec spec;

    private Sluice(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs one verb and exits with its code. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // what a script reads is the same everywhere
        LibraryProperties.set();
        ResultOutput stdout = new ResultOutput();
        PrintWriter out = new PrintWriter(stdout, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        String trouble = PathText.troubleHere();
        if (trouble != null) {
            err.println("sluice: warning: " + trouble);
        }
        int code = commandLine(System.getenv(), out, err).execute(args);
        out.flush();
        System.exit(stdout.exitCode(code, err));
    }

    /** The command line in this process, for {@link #main} and for tests. */
    static CommandLine commandLine(Map<String, String> environment, PrintWriter out, PrintWriter err) {
        Errors errors = new Errors();
        return new CommandLine(new Sluice(environment))
                .setExpandAtFiles(false) // @order.json and a key that begins so are what they are
                .registerConverter(Duration.class, text -> LoadOptions.converted(() -> DurationText.parse(text)))
                .registerConverter(Threshold.class, text -> LoadOptions.converted(() -> Threshold.parse(text)))
                .registerConverter(Slo.class, text -> LoadOptions.converted(() -> Slo.parse(text)))
                .registerConverter(Target.class, text -> LoadOptions.converted(() -> Target.parse(text)))
                .registerConverter(Path.class, text -> LoadOptions.converted(() -> PathText.parse(text)))
                .registerConverter(int.class, Sluice::wholeNumber)
                .registerConverter(double.class, Sluice::number)
                .registerConverter(Instant.class, Sluice::instant)
                .registerConverter(UUID.class, Sluice::uuid)
                .setOut(out)
                .setErr(err)
                .setExecutionStrategy(new HelpVerb.Anywhere())
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(new UsageErrors())
                .setExitCodeExceptionMapper(errors);
    }

    private static int wholeNumber(String text) {
        return LoadOptions.converted(() -> {
            if (!WHOLE_NUMBER.matcher(text).matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a whole number");
            }
            return Integer.parseInt(text);
        });
    }

    private static double number(String text) {
        return LoadOptions.converted(() -> {
            if (!NUMBER.matcher(text).matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a number such as 0.05");
            }
            return Double.parseDouble(text);
        });
    }

    private static Instant instant(String text) {
        return LoadOptions.converted(() -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("'" + text + "' is not a time such as 2030-01-01T00:00:00Z", e);
            }
        });
    }

    private static UUID uuid(String text) {
        return LoadOptions.converted(() -> {
            if (!UUID_TEXT.matcher(text).matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a UUID");
            }
            return UUID.fromString(text);
        });
    }

    /** The root of a verb. */
    static Sluice of(CommandSpec verb) {
        return (Sluice) verb.root().userObject();
    }

    /** The variables that the configuration may read. */
    Map<String, String> environment() {
        return environment;
    }

    /** Without a verb there is nothing to do. */
    @Override
    public void run() {
        CommandLine self = Objects.requireNonNull(spec, "set by picocli").commandLine();
        throw new ParameterException(self, "which verb? " + String.join(", ", verbs(self)));
    }

    private static Iterable<String> verbs(CommandLine self) {
        return self.getSubcommands().keySet();
    }
}
