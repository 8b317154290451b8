package dev.sluice.load.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells from an answer what became of each order of its request: one status for all, or a result object for each. From
 * one thread.
 */
public final class AnswerReader {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerReader.class);
    private static final int OK_LAST = 299;
    private static final int UUID_CHARS = 36;

    private final JsonFactory json = new JsonFactory();
    private final String[] plain = new String[600];

    /** What became of one order. */
    public interface Sink {

        /**
         * One answer.
         *
         * @param i place of the order in its request
         * @param answer {@code 201}, {@code 422:order_refused}
         * @param id of the order, or empty
         */
        void answered(int i, String answer, int status, boolean replayed, String id);
    }

    /** One object of a body. */
    private static final class Result {
        int line;
        int status;
        String code = "";
        String id = "";
        boolean replayed;
    }

    AnswerReader() {}

    /** Reads the answer to a single order: its status, and the id from its head. */
    public void single(Response response, Sink sink) {
        int status = response.status();
        if (status <= OK_LAST) {
            sink.answered(0, plain(status), status, response.isReplayed(), id(response.orderId()));
            return;
        }
        Result problem = problem(response);
        sink.answered(0, named(status, problem.code), status, response.isReplayed(), problem.id);
    }

    /**
     * Reads result objects: one, one a line, or an array of them; orders without one are left out. A body that has none,
     * such as the problem of a whole request, speaks for all.
     */
    public void results(Response response, int orders, Sink sink) {
        boolean any = false;
        try (JsonParser parser = json.createParser(response.body(), 0, response.bodyBytes())) {
            Result result = next(parser);
            while (result != null && result.line > 0) {
                any = true;
                if (result.line <= orders) {
                    sink.answered(
                            result.line - 1,
                            named(result.status, result.code),
                            result.status,
                            result.replayed,
                            result.id);
                }
                result = next(parser);
            }
        } catch (IOException e) {
            LOG.debug("results end early: what has none stays unanswered", e);
        }
        if (!any) {
            all(response.status(), problem(response).code, orders, sink);
        }
    }

    /** One status, with the problem's code where it has one, is the answer to each of so many orders. */
    public void all(int status, String code, int orders, Sink sink) {
        String answer = named(status, word(code));
        for (int i = 0; i < orders; i++) {
            sink.answered(i, answer, status, false, "");
        }
    }

    private Result problem(Response response) {
        try (JsonParser parser = json.createParser(response.body(), 0, response.bodyBytes())) {
            Result result = next(parser);
            return result == null ? new Result() : result;
        } catch (IOException e) {
            Result unreadable = new Result();
            unreadable.code = "unreadable";
            return unreadable;
        }
    }

    private static @Nullable Result next(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_ARRAY) {
            token = parser.nextToken();
        }
        if (token != JsonToken.START_OBJECT) {
            return null;
        }
        Result result = new Result();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            if (parser.currentToken() == null) {
                return null;
            }
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            member(parser, name, value, result);
        }
        return result;
    }

    private static void member(JsonParser parser, String name, JsonToken value, Result result) throws IOException {
        switch (name) {
            case "line" -> result.line = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : 0;
            case "status" -> result.status = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : 0;
            case "code" -> result.code = word(parser.getText());
            case "id" -> result.id = id(parser.getText());
            case "replayed" -> result.replayed = value == JsonToken.VALUE_TRUE;
            default -> parser.skipChildren();
        }
    }

    /** What may stand in a history: nothing with a blank or a line feed in it. */
    private static String word(String text) {
        boolean fits = text.length() <= 64 && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
        return fits ? text : "unreadable";
    }

    /** What is no UUID is the id of no order. */
    private static String id(String text) {
        boolean fits = text.length() == UUID_CHARS;
        for (int i = 0; fits && i < UUID_CHARS; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            fits = dash ? text.charAt(i) == '-' : HexFormat.isHexDigit(text.charAt(i));
        }
        return fits ? text : "";
    }

    private String named(int status, String code) {
        return status <= OK_LAST || code.isEmpty() ? plain(status) : status + ":" + code;
    }

    /** Not made anew for each answer. */
    private String plain(int status) {
        if (status < 0 || status >= plain.length) {
            return Integer.toString(status);
        }
        String text = plain[status];
        if (text == null) {
            text = String.valueOf(1000 + status).substring(1);
            plain[status] = text;
        }
        return text;
    }
}
