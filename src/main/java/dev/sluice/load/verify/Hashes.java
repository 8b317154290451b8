package dev.sluice.load.verify;

import java.io.IOException;
import java.util.List;

/** The hashes of a Redis, as far as a search needs them. Blocks; one thread. */
interface Hashes extends AutoCloseable {

    /** What is told of each field. */
    interface Fields {
        void found(String field, byte[] value);
    }

    /** Every key that matches the glob, once. */
    List<String> keys(String glob) throws IOException;

    /** Tells of every field that the hash holds from first to last; of some perhaps more than once. */
    void fields(String key, Fields fields) throws IOException;

    @Override
    void close() throws IOException;
}
