package dev.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.sluice.config.LogConfig;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLinesTest {

    private static final String FORGED =
            "no\n2026-01-01T00:00:00.000Z INFO  Server: all is well\u001b[2J\r\u0085\u2028\u202e";

    @Test
    void textIsOneLineWhateverTheClientSends() {
        String text = logged(LogConfig.Format.TEXT, log -> log.warn("refused {}", FORGED));
        assertEquals(1, text.lines().count(), text);
        assertTrue(
                text.matches(
                        "(?s)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  Thing: refused no\\\\n2026.*\n"),
                text);
        assertTrue(text.contains("\\u001b[2J\\r\\u0085\\u2028\\u202e"), text);
    }

    @Test
    void fieldsFollowTheMessage() {
        Consumer<Logger> line = log -> log.atInfo().addKeyValue("id", "a\nb").log("stored");
        assertTrue(logged(LogConfig.Format.TEXT, line).endsWith("INFO  Thing: stored id=a\\nb\n"));
        JsonObject json = new JsonObject(logged(LogConfig.Format.JSON, line));
        assertEquals("a\nb", json.getJsonObject("fields").getString("id"));
    }

    @Test
    void aStackTraceIsOursAndItsMessagesAreNot() {
        Exception thrown = new IllegalStateException(FORGED, new RuntimeException("inner\nline"));
        thrown.addSuppressed(new RuntimeException("beside"));
        String text = logged(LogConfig.Format.TEXT, log -> log.error("failed", thrown));
        assertTrue(text.contains("java.lang.IllegalStateException: no\\n2026"), text);
        assertTrue(text.contains("\nCaused by: java.lang.RuntimeException: inner\\nline\n"), text);
        assertTrue(text.contains("\n\tSuppressed: java.lang.RuntimeException: beside\n"), text);
        assertTrue(text.contains("\tat dev.sluice.log.LogLinesTest."), text);
        assertTrue(text.contains(" more\n"), text);
        assertFalse(text.lines().skip(1).anyMatch(line -> line.startsWith("2026")), text);
    }

    @Test
    void jsonIsOneObjectALine() {
        String text =
                logged(LogConfig.Format.JSON, log -> log.error("refused {}", FORGED, new RuntimeException("x\ny")));
        assertEquals(1, text.lines().count(), text);
        JsonObject json = new JsonObject(text);
        assertEquals("refused " + FORGED, json.getString("message"));
        assertEquals("error", json.getString("level"));
        assertEquals("dev.sluice.Thing", json.getString("logger"));
        assertEquals(Thread.currentThread().getName(), json.getString("thread"));
        assertTrue(json.getString("time").endsWith("Z"));
        assertTrue(json.getString("error").startsWith("java.lang.RuntimeException: x\\ny\n\tat "));
    }

    @Test
    void jsonWithoutAnExceptionHasNoError() {
        JsonObject json = new JsonObject(logged(LogConfig.Format.JSON, log -> log.info("\"quoted\" \\ \ud83d\ude80")));
        assertEquals("\"quoted\" \\ \ud83d\ude80", json.getString("message"));
        assertNull(json.getValue("error"));
        assertNull(json.getValue("fields"));
    }

    @Test
    void theLevelHoldsAndLibrariesStayQuietAtDebug() {
        LoggerContext context = new LoggerContext();
        LogSetup.install(context, new LogConfig(LogConfig.Level.DEBUG, LogConfig.Format.TEXT));
        assertTrue(context.getLogger("dev.sluice.node.Server").isDebugEnabled());
        assertFalse(context.getLogger("io.netty.channel").isDebugEnabled());
        assertTrue(context.getLogger("io.vertx.core").isInfoEnabled());
        LogSetup.install(context, new LogConfig(LogConfig.Level.ERROR, LogConfig.Format.TEXT));
        assertFalse(context.getLogger("io.vertx.core").isWarnEnabled());
        assertEquals(Level.ERROR, context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel());
    }

    @Test
    void logbackFindsOurSetUpAndVertxLogsThroughIt() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        assertEquals(Level.INFO, root.getLevel());
        assertTrue(root.getAppender("stderr") != null);
        assertEquals(
                "io.vertx.core.logging.SLF4JLogDelegateFactory",
                System.getProperty("vertx.logger-delegate-factory-class-name"));
    }

    /** What one logger writes to stderr in a context of its own. */
    private static String logged(LogConfig.Format format, Consumer<Logger> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            LoggerContext context = new LoggerContext();
            context.setMDCAdapter(new LogbackMDCAdapter());
            LogSetup.install(context, new LogConfig(LogConfig.Level.INFO, format));
            lines.accept(context.getLogger("dev.sluice.Thing"));
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
