package dev.sluice.cli;

import dev.sluice.config.value.FileProblem;
import dev.sluice.log.LogSetup;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Stdout of the process, which remembers that a result did not get there: writers forget it. A pipe that its reader
 * closed is no fault: it had what it wanted. Any thread.
 */
final class ResultOutput extends OutputStream {

    private final OutputStream to;
    private final boolean pipe;
    private volatile @Nullable IOException lost;

    ResultOutput() {
        this(new FileOutputStream(FileDescriptor.out), LogSetup.stdoutIsPipe());
    }

    /** @param pipe whether what fails is a reader that went away */
    ResultOutput(OutputStream to, boolean pipe) {
        this.to = to;
        this.pipe = pipe;
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            to.write(bytes, from, length);
        } catch (IOException e) {
            lost = e;
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }

    /** What the shell is told: that of the verb, or that its result was lost. */
    int exitCode(int ofTheVerb, PrintWriter err) {
        IOException error = lost;
        if (error == null || pipe) {
            return ofTheVerb;
        }
        err.println("sluice: the result could not be written to stdout: " + FileProblem.of(error));
        err.flush();
        return ofTheVerb == ExitCodes.OK ? ExitCodes.FAILED : ofTheVerb;
    }
}
