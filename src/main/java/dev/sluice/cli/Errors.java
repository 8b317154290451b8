package dev.sluice.cli;

import dev.sluice.config.ConfigException;
import dev.sluice.config.value.FileProblem;
import dev.sluice.config.value.StoreUri;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExitCodeExceptionMapper;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a verb throws into a line on stderr and an exit code. What a user can mend is one line; only a defect of
 * ours shows a stack trace.
 */
final class Errors implements IExecutionExceptionHandler, IExitCodeExceptionMapper {

    @Override
    public int handleExecutionException(Exception thrown, CommandLine verb, ParseResult parsed) {
        Throwable cause = unwrapped(thrown);
        PrintWriter err = verb.getErr();
        if (isDefect(cause)) {
            err.println("sluice: internal error, please report it with what follows");
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().map(StoreUri::masked).forEach(err::println);
        } else {
            err.println("sluice: " + StoreUri.masked(message(cause)));
        }
        err.flush();
        return getExitCode(cause);
    }

    @Override
    public int getExitCode(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof CliException mendable) {
            return mendable.exitCode();
        }
        if (cause instanceof ConfigException) {
            return ExitCodes.BAD_CONFIGURATION;
        }
        return isUnreachable(cause) ? ExitCodes.DEPENDENCY_UNREACHABLE : ExitCodes.FAILED;
    }

    private static String message(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        if (cause instanceof FileSystemException file) {
            return file.getFile() + ": " + FileProblem.of(file);
        }
        return cause instanceof UnknownHostException ? "no such host: " + said : said;
    }

    /** What the environment does to a program is none: files, networks, disks. */
    private static boolean isDefect(Throwable cause) {
        return !(cause instanceof CliException || cause instanceof ConfigException || cause instanceof IOException);
    }

    private static boolean isUnreachable(Throwable cause) {
        return cause instanceof ConnectException || cause instanceof UnknownHostException;
    }

    /** What a future or a lambda wrapped around the exception that matters. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        boolean wrapper = thrown instanceof ExecutionException
                || thrown instanceof CompletionException
                || thrown instanceof UncheckedIOException;
        return wrapper && cause != null ? unwrapped(cause) : thrown;
    }
}
