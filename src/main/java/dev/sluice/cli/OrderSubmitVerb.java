package dev.sluice.cli;

import dev.sluice.config.file.PathText;
import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice order submit [FILE]}: one order, from a file or from stdin. */
@Command(
        name = "submit",
        description = "Submit one order, a JSON document, and say what became of it.",
        footer = {"", "Exit codes: 0 committed or queued, 1 refused, 4 no store could take it, or no node answers."})
final class OrderSubmitVerb extends Verb implements Callable<Integer> {

    private static final String STDIN = "-";

    /** The largest http.bodyBytesMax that a node can have. */
    private static final int BYTES_MAX = 1 << 20;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = STDIN,
            description = "the document, or - for stdin (default: ${DEFAULT-VALUE})")
    String file = STDIN;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "the client order id, where the document has none: makes a repetition harmless")
    @Nullable
    String key;

    @Mixin
    ApiClient api = new ApiClient();

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        if (key != null) {
            headers.put("Idempotency-Key", quoted(key));
        }
        ApiClient.print(out(), api.send("POST", "/orders", headers, document()), output.json);
        return ExitCodes.OK;
    }

    /** As a structured field: visible ASCII, its quotes and backslashes escaped. */
    private String quoted(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new CliException(ExitCodes.USAGE, "--key is 1 to 64 visible ASCII characters without space");
        }
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private String document() {
        String from = file.equals(STDIN) ? "stdin" : file;
        try {
            byte[] bytes = bytes();
            if (bytes.length > BYTES_MAX) {
                throw new CliException(ExitCodes.USAGE, from + " is larger than an order can be, 1 MiB");
            }
            String document = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (document.isBlank()) {
                throw new CliException(ExitCodes.USAGE, from + " holds no document");
            }
            return document;
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCodes.USAGE, from + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new CliException(ExitCodes.USAGE, from + ": is not UTF-8", e);
        } catch (IOException e) {
            throw new CliException(ExitCodes.FAILED, from + " cannot be read: " + FileProblem.of(e), e);
        }
    }

    private Path path() {
        try {
            return PathText.parse(file);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCodes.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** One more than an order can have, at most. */
    private byte[] bytes() throws IOException {
        if (file.equals(STDIN)) {
            return System.in.readNBytes(BYTES_MAX + 1);
        }
        try (InputStream in = Files.newInputStream(path())) {
            return in.readNBytes(BYTES_MAX + 1);
        }
    }
}
