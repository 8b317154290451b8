package dev.sluice.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.sluice.config.LogConfig;

/**
 * Found by logback before the first line: info, in the form that fits stderr. A service instead of a logback.xml, so
 * that a short verb parses no XML. {@code -Dlogback.configurationFile=…} still takes over.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LogSetup.install(context, new LogConfig(LogConfig.Level.INFO, LogConfig.Format.AUTO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
