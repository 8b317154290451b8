package dev.sluice.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Chooses faults by the property {@code sluice.faults} (names and commas, or {@code all}; without it those that are not
 * slow), and writes a line for each to the file {@code sluice.faults.table}: name, what became of it, seconds, why.
 */
final class FaultTable implements ExecutionCondition, BeforeTestExecutionCallback, TestWatcher {

    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(FaultTable.class);

    private static Fault fault(ExtensionContext context) {
        return context.getRequiredTestMethod().getAnnotation(Fault.class);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isEmpty() || fault(context) == null) {
            return ConditionEvaluationResult.enabled("no fault");
        }
        String chosen = System.getProperty("sluice.faults", "");
        boolean runs = chosen.isEmpty()
                ? !fault(context).slow()
                : chosen.equals("all")
                        || List.of(chosen.split(",")).contains(fault(context).value());
        return runs ? ConditionEvaluationResult.enabled("chosen") : ConditionEvaluationResult.disabled(NOT_CHOSEN);
    }

    private static final String NOT_CHOSEN = "not chosen: scripts/faults --all, or by its name";

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        context.getStore(HERE).put("began", System.nanoTime());
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        note(context, "survived", "");
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        String why = String.valueOf(cause.getMessage());
        note(context, why.startsWith("void") ? "void" : "FAILED", why);
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        note(context, "skipped", String.valueOf(cause.getMessage()));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        if (!reason.orElse("").equals(NOT_CHOSEN)) {
            note(context, "skipped", reason.orElse(""));
        }
    }

    private static void note(ExtensionContext context, String end, String why) {
        String table = System.getProperty("sluice.faults.table");
        if (table == null || fault(context) == null) {
            return;
        }
        Long began = context.getStore(HERE).get("began", Long.class);
        double seconds = began == null
                ? 0
                : (double) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) / TimeUnit.SECONDS.toMillis(1);
        String line = why.lines().findFirst().orElse("");
        String text = String.format(
                Locale.ROOT, "%s\t%s\t%.1f\t%s%n", fault(context).value(), end, seconds, line.replace('\t', ' '));
        try {
            Files.writeString(Path.of(table), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
