package dev.sluice.bulk;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One order an element of a JSON array, {@code application/json}. Strict about all that tells where an element ends:
 * the outer brackets and commas, strings, and brackets within elements, each closed by its own kind. What an element
 * otherwise holds is the parser's to judge, so that one bad order does not sink its neighbours.
 *
 * <p>Memory: one bit for each level of nesting, so at most an eighth of the body.
 */
public final class ArraySplitter implements BulkSplitter {

    private enum State {
        BEFORE_ARRAY,
        FIRST_OR_END,
        ELEMENT,
        IN_BRACKETS,
        IN_STRING,
        IN_ESCAPE,
        IN_LITERAL,
        COMMA_OR_END,
        AFTER_ARRAY
    }

    private final BulkLines lines;
    private final BitSet curly = new BitSet();
    private State state = State.BEFORE_ARRAY;
    private int depth;
    private int position;
    private int elementFrom;
    private int number;
    private @Nullable String problem;

    public ArraySplitter(BulkLines lines) {
        this.lines = lines;
    }

    @Override
    public @Nullable String feed(byte[] bytes, int from, int to) {
        for (int i = from; i < to && problem == null; i++) {
            next((char) (bytes[i] & 0xFF));
            position++;
        }
        return problem;
    }

    private void next(char c) {
        switch (state) {
            case IN_STRING -> inString(c);
            case IN_ESCAPE -> state = State.IN_STRING;
            case IN_BRACKETS -> inBrackets(c);
            case IN_LITERAL -> inLiteral(c);
            default -> betweenElements(c);
        }
    }

    private void inString(char c) {
        if (c == '\\') {
            state = State.IN_ESCAPE;
        } else if (c == '"' && depth > 0) {
            state = State.IN_BRACKETS;
        } else if (c == '"') {
            endElement(position + 1);
        }
    }

    private void inBrackets(char c) {
        switch (c) {
            case '"' -> state = State.IN_STRING;
            case '{', '[' -> open(c);
            case '}', ']' -> close(c);
            default -> {}
        }
    }

    private void open(char c) {
        curly.set(depth++, c == '{');
        state = State.IN_BRACKETS;
    }

    private void close(char c) {
        depth--;
        if (curly.get(depth) != (c == '}')) {
            expected(curly.get(depth) ? "'}'" : "']'");
        } else if (depth == 0) {
            endElement(position + 1);
        }
    }

    private void inLiteral(char c) {
        if (!isLiteral(c)) {
            endElement(position);
            betweenElements(c);
        }
    }

    private void endElement(int to) {
        lines.add(elementFrom, to, ++number);
        state = State.COMMA_OR_END;
    }

    private void betweenElements(char c) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            return;
        }
        switch (state) {
            case BEFORE_ARRAY -> step(c == '[', State.FIRST_OR_END, "'['");
            case FIRST_OR_END -> firstOrEnd(c);
            case ELEMENT -> element(c);
            case COMMA_OR_END -> step(c == ',' || c == ']', c == ',' ? State.ELEMENT : State.AFTER_ARRAY, "',' or ']'");
            default -> expected("nothing more");
        }
    }

    private void step(boolean asExpected, State to, String what) {
        if (asExpected) {
            state = to;
        } else {
            expected(what);
        }
    }

    private void firstOrEnd(char c) {
        if (c == ']') {
            state = State.AFTER_ARRAY;
        } else {
            element(c);
        }
    }

    private void element(char c) {
        elementFrom = position;
        if (c == '{' || c == '[') {
            open(c);
        } else if (c == '"') {
            state = State.IN_STRING;
        } else {
            step(isLiteral(c), State.IN_LITERAL, "an order");
        }
    }

    /** What numbers and the three names consist of. */
    private static boolean isLiteral(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || "+-.".indexOf(c) >= 0;
    }

    @Override
    public @Nullable String end() {
        if (problem == null && state != State.AFTER_ARRAY) {
            problem = "it ends too early, after " + position + " bytes";
        }
        return problem;
    }

    private void expected(String what) {
        problem = what + " was expected at byte " + (position + 1);
    }
}
