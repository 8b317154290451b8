package dev.sluice.store;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/**
 * The Vert.x of a verb that talks to stores and listens nowhere: one event loop, no files, and the machine's own transport
 * where there is one, since only that knows unix sockets. The caller closes it.
 */
public final class ClientVertx {

    private ClientVertx() {}

    public static Vertx make() {
        return Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }
}
