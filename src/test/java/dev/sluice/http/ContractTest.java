package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.listener.ProblemType;
import dev.sluice.order.Currencies;
import dev.sluice.order.Order;
import dev.sluice.order.OrderId;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.OrderResult;
import dev.sluice.order.Parsed;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's schemas and the code say the same. {@code scripts/lint} asks others' tools about the document. */
class ContractTest {

    private static final Contract CONTRACT = new Contract();
    private static final Submission SUBMISSION = new Submission("default", null, 1_735_689_600_123_456L);

    static List<String> good() {
        return corpus("orders-good.ndjson");
    }

    static List<String> seenBySchema() {
        return corpus("orders-bad.ndjson").stream()
                .filter(line -> new JsonObject(line).getBoolean("seenBySchema"))
                .toList();
    }

    static List<String> unseenBySchema() {
        return corpus("orders-bad.ndjson").stream()
                .filter(line -> !new JsonObject(line).getBoolean("seenBySchema"))
                .toList();
    }

    private static List<String> corpus(String name) {
        try (InputStream in = ContractTest.class.getResourceAsStream("/corpus/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Parsed parse(String document) {
        byte[] bytes = document.getBytes(UTF_8);
        return new OrderParser().parse(bytes, 0, bytes.length, SUBMISSION);
    }

    @ParameterizedTest
    @MethodSource("good")
    void whatTheParserTakesTheSchemaTakes(String document) {
        assertInstanceOf(Order.class, parse(document));
        assertEquals(List.of(), CONTRACT.faults("Order", Json.decodeValue(document)));
    }

    @ParameterizedTest
    @MethodSource("seenBySchema")
    void whatASchemaCanRefuseBothRefuse(String line) {
        JsonObject testCase = new JsonObject(line);
        String document = testCase.getString("document");
        assertTrue(!(parse(document) instanceof Order), "parser: " + testCase.getString("why"));
        Object value = Json.decodeValue(document);
        assertTrue(value == null || !CONTRACT.faults("Order", value).isEmpty(), "schema: " + testCase.getString("why"));
    }

    @ParameterizedTest
    @MethodSource("unseenBySchema")
    void whatNoSchemaCanSeeTheParserRefuses(String line) {
        assertTrue(!(parse(new JsonObject(line).getString("document")) instanceof Order));
    }

    @Test
    void theCurrenciesAreTheParsers() {
        List<?> documented = CONTRACT.document()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("Currency")
                .getJsonArray("enum")
                .getList();
        assertEquals(Arrays.asList(Currencies.all()), documented);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "k",
                "\"k\"",
                "web-7f3a-0001",
                "a\"b",
                "a\\b",
                "\"a\\\"b\\\\\"",
                "~!#'()*",
                "",
                "\"\"",
                "\"k",
                "\"a\\b\"",
                "\"a\"b\"",
                "\"a b\"",
                "a b",
                "k\"",
                "\u00e4",
                "\"k\";p=1"
            })
    void theKeysOfTheHeaderAreThoseOfTheContract(String header) {
        assertEquals(isKey(header), matchesContract(header), header);
        assertEquals(isKey(header + "x".repeat(64)), matchesContract(header + "x".repeat(64)));
        String quoted = "\"" + "x".repeat(63) + header + "\"";
        assertEquals(isKey(quoted), matchesContract(quoted), quoted);
    }

    private static boolean isKey(String header) {
        IdempotencyKey key = IdempotencyKey.parse(header);
        return key.value() != null && OrderId.faultOf(key.value()) == null;
    }

    private static boolean matchesContract(String header) {
        String pattern = CONTRACT.document()
                .getJsonObject("components")
                .getJsonObject("parameters")
                .getJsonObject("IdempotencyKey")
                .getJsonObject("schema")
                .getString("pattern");
        return header.matches(pattern);
    }

    /** Every example of a JSON body is what its schema says. */
    @Test
    void theExamplesFit() {
        JsonObject post = CONTRACT.operation("/orders", "post");
        examples(post.getJsonObject("requestBody")).forEach(order -> {
            assertEquals(List.of(), CONTRACT.faults("Order", order));
            assertInstanceOf(Order.class, parse(order.encode()));
        });
        examples(CONTRACT.response("/orders", "post", 201))
                .forEach(order -> assertEquals(List.of(), CONTRACT.faults("StoredOrder", order)));
        Stream.of(400, 503)
                .flatMap(status -> examples(CONTRACT.response("/orders", "post", status)))
                .forEach(problem -> assertEquals(List.of(), CONTRACT.faults("Problem", problem)));
    }

    private static Stream<JsonObject> examples(JsonObject body) {
        return body.getJsonObject("content").stream()
                .map(type -> ((JsonObject) type.getValue()).getJsonObject("examples", new JsonObject()))
                .flatMap(examples -> examples.stream())
                .map(example -> ((JsonObject) example.getValue()).getJsonObject("value"));
    }

    /** Each problem type that the API answers is documented, and no other. */
    @Test
    void theCodesAreTheCodes() throws IOException {
        Set<String> documented = new TreeSet<>();
        CONTRACT.document()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("Code")
                .getJsonArray("enum")
                .forEach(code -> documented.add((String) code));
        assertEquals(String.join("\n", codesInSource()), String.join("\n", documented));
    }

    /** What packages http and listener name, and what an order's result can be. */
    private static Set<String> codesInSource() throws IOException {
        Set<String> codes = Arrays.stream(OrderResult.Code.values())
                .filter(code -> code.status() >= 400)
                .map(OrderResult.Code::text)
                .collect(Collectors.toCollection(TreeSet::new));
        Pattern type = Pattern.compile("ProblemType\\.([A-Z_]+)");
        for (String folder : List.of("http", "listener")) {
            try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/sluice", folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    type.matcher(Files.readString(file))
                            .results()
                            .forEach(found -> codes.add(
                                    ProblemType.valueOf(found.group(1)).code()));
                }
            }
        }
        return codes;
    }
}
