package dev.sluice.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.sluice.config.LogConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Sets up logback: one appender to stderr, level and form from the configuration. */
public final class LogSetup {

    private static final String VERTX_DELEGATE = "vertx.logger-delegate-factory-class-name";

    /** Libraries that say much at debug about themselves and nothing about an order. */
    private static final List<String> QUIET = List.of("io.netty", "io.vertx");

    private LogSetup() {}

    /** Puts {@code log.*} in force, also while running; keeps out when {@code -Dlogback.configurationFile} is given. */
    public static void apply(LogConfig config) {
        if (System.getProperty("logback.configurationFile") == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            install(context, config);
        }
    }

    static void install(LoggerContext context, LogConfig config) {
        if (System.getProperty(VERTX_DELEGATE) == null) {
            System.setProperty(VERTX_DELEGATE, "io.vertx.core.logging.SLF4JLogDelegateFactory");
        }
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(stderr(context, layout(config.format())));
        Level level = Level.toLevel(config.level().name());
        root.setLevel(level);
        Level quiet = level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO;
        QUIET.forEach(name -> context.getLogger(name).setLevel(quiet));
        context.getLogger(Audit.LOGGER).setLevel(Level.INFO);
        boolean asked = level.levelInt <= Level.DEBUG_INT;
        context.getLogger("com.hazelcast").setLevel(asked || level.isGreaterOrEqual(Level.WARN) ? quiet : Level.WARN);
    }

    private static ConsoleAppender<ILoggingEvent> stderr(LoggerContext context, Layout<ILoggingEvent> layout) {
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        layout.setContext(context);
        layout.start();
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static Layout<ILoggingEvent> layout(LogConfig.Format format) {
        boolean text = format == LogConfig.Format.AUTO ? stderrIsTerminal() : format == LogConfig.Format.TEXT;
        return text ? new TextLayout() : new JsonLayout();
    }

    /**
     * Whether a person reads stderr. Linux tells by the name behind the descriptor. The JVM itself cannot tell (System.console() looks at stdin and
     * stdout, and is never null from JDK 22 on), so elsewhere, on a developer's machine, it counts as one.
     */
    public static boolean stderrIsTerminal() {
        return isTerminal(2, true);
    }

    /** The same of stdout; where it cannot be told, no. */
    public static boolean stdoutIsTerminal() {
        return isTerminal(1, false);
    }

    /** Whether another program reads stdout; where it cannot be told, no. */
    public static boolean stdoutIsPipe() {
        return target(1).startsWith("pipe:") || target(1).startsWith("socket:");
    }

    private static boolean isTerminal(int descriptor, boolean elsewhere) {
        String target = target(descriptor);
        boolean terminal =
                target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        return target.isEmpty() ? elsewhere : terminal;
    }

    /** What a descriptor of this process leads to; empty where only Linux could tell. */
    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException | UnsupportedOperationException notLinux) {
            return "";
        }
    }
}
