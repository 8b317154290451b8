package dev.sluice.extension;

import dev.sluice.config.ExtensionConfig;
import dev.sluice.config.value.Nearest;
import dev.sluice.config.value.VerticleName;
import io.vertx.core.Deployable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The code of an extension, loaded: reads files and may compile, so not on an event loop. Closing it lets go of the jars.
 *
 * @param type a verticle that can be made
 */
record ExtensionCode(URLClassLoader loader, Class<? extends Deployable> type) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExtensionCode.class);

    /** Loads it; nothing of it runs yet. */
    static ExtensionCode load(ExtensionConfig config) throws ExtensionProblem {
        ClassPath path = ClassPath.of(config);
        URLClassLoader loader = path.open();
        try {
            Class<?> type = config.verticle().isGroovy()
                    ? GroovySource.of(config.verticle()).compiled(loader)
                    : named(config.verticle(), path, loader);
            return new ExtensionCode(loader, verticle(type));
        } catch (ExtensionProblem | RuntimeException | Error e) {
            close(loader);
            throw e;
        }
    }

    private static Class<?> named(VerticleName name, ClassPath path, ClassLoader loader) throws ExtensionProblem {
        String target = name.target();
        try {
            return Class.forName(target, false, loader);
        } catch (ClassNotFoundException e) {
            String meant = Nearest.to(target, path.classNames())
                    .map(near -> ", did you mean " + near + "?")
                    .orElse("");
            throw new ExtensionProblem(
                    "there is no class " + target + ", neither in " + path.described() + " nor in Sluice" + meant,
                    "put its jar into that folder, or correct the name",
                    e);
        } catch (LinkageError e) {
            throw new ExtensionProblem(
                    "the class " + target + " cannot be loaded (" + e + ")",
                    "put the jar of what is missing into " + path.folder(),
                    e);
        }
    }

    private static Class<? extends Deployable> verticle(Class<?> type) throws ExtensionProblem {
        boolean isOne = Deployable.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
        if (!isOne) {
            throw new ExtensionProblem(
                    type.getName() + " is no verticle",
                    "have it extend io.vertx.core.VerticleBase, and not be abstract");
        }
        boolean canBeMade = Arrays.stream(type.getDeclaredConstructors())
                .anyMatch(constructor -> constructor.getParameterCount() == 0);
        if (!canBeMade) {
            throw new ExtensionProblem(
                    type.getName() + " has no constructor without parameters", "add one; config() has its settings");
        }
        return type.asSubclass(Deployable.class);
    }

    /** A new instance of it. */
    Deployable made() {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("its constructor failed: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("it cannot be made: " + e, e);
        }
    }

    @Override
    public void close() {
        close(loader);
    }

    private static void close(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            LOG.debug("a jar was not closed", e);
        }
    }
}
