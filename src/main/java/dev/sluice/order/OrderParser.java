package dev.sluice.order;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one document into an {@link Order}, or into every {@link Faults fault} it has. After it an order
 * is right and nothing downstream checks again.
 *
 * <p>Not thread safe and not re-entrant: one per event loop, whose digests and buffers it keeps. Any bytes give one of
 * the two answers, never an exception. Memory is bounded by a small multiple of {@link #BYTES_MAX}.
 */
public final class OrderParser {

    /** Upper bound of a document, bytes. */
    public static final int BYTES_MAX = 64 * 1024;

    private static final int CLIENT_ORDER_ID = 1;
    private static final int CUSTOMER_ID = 2;
    private static final int CURRENCY = 4;
    private static final int ITEMS = 8;
    private static final int ATTRIBUTES = 16;
    private static final int REQUIRED = CUSTOMER_ID | CURRENCY | ITEMS;

    private final StrictJson strictJson = new StrictJson();
    private final FaultList faults = new FaultList();
    private final ContentDigest digest = new ContentDigest();
    private final ItemsReader itemsReader = new ItemsReader(digest);
    private final AttributesReader attributesReader = new AttributesReader(true);
    private final OrderId orderId = new OrderId();
    private final Utf8Buffer scratch = new Utf8Buffer(64);

    private int seen;
    private @Nullable String clientOrderId;
    private String customerId = "";
    private String currency = "";

    /** Judges the document in {@code bytes[offset..offset+length)}; the array is only read, and not kept. */
    public Parsed parse(byte[] bytes, int offset, int length, Submission submission) {
        faults.clear();
        seen = 0;
        clientOrderId = null;
        if (length > BYTES_MAX) {
            faults.add("", "must be at most " + BYTES_MAX + " bytes");
        } else {
            readDocument(bytes, offset, offset + length, submission);
        }
        return faults.isEmpty() ? order(submission) : faults.toFaults();
    }

    private void readDocument(byte[] bytes, int from, int to, Submission submission) {
        int bad = Utf8Check.firstBad(bytes, from, to);
        int end = bad < 0 ? to : bad;
        try (JsonParser json = strictJson.parser(bytes, from, end)) {
            if (readsToEnd(json, submission)) {
                atEnd(bytes, from, bad);
            }
        } catch (JsonParseException e) {
            boolean cut = bad >= 0 && StrictJson.isEndOfInput(e);
            faults.add("", cut ? StrictJson.encodingFault(bytes, from, bad) : StrictJson.fault(e));
        } catch (StreamConstraintsException e) {
            faults.add("", "must not be nested deeper than " + StrictJson.DEPTH_MAX + " anywhere");
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Whether the input ended after the order, or before anything came. */
    private boolean readsToEnd(JsonParser json, Submission submission) throws IOException {
        JsonToken token = json.nextToken();
        if (token == null) {
            return true;
        }
        if (token != JsonToken.START_OBJECT) {
            faults.add("", "must be a JSON object");
            return false;
        }
        fields(json);
        resolveKey(submission.idempotencyKey());
        boolean ended = json.nextToken() == null;
        if (!ended) {
            faults.add("", "must end after the order, but goes on " + StrictJson.place(json.currentTokenLocation()));
        }
        return ended;
    }

    private void atEnd(byte[] bytes, int from, int bad) {
        if (bad >= 0) {
            faults.add("", StrictJson.encodingFault(bytes, from, bad));
        } else if (seen == 0 && faults.isEmpty()) {
            faults.add("", "must be a JSON object, but is empty");
        }
    }

    private void fields(JsonParser json) throws IOException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            field(json, name);
        }
        if ((seen & REQUIRED) != REQUIRED) {
            missing(json);
        }
    }

    private void field(JsonParser json, String name) throws IOException {
        int field = fieldOf(name);
        if (field == 0) {
            faults.unknown(json);
        } else if ((seen & field) != 0) {
            faults.duplicate(json);
        } else {
            seen |= field;
            known(json, field);
        }
    }

    private static int fieldOf(String name) {
        return switch (name) {
            case "clientOrderId" -> CLIENT_ORDER_ID;
            case "customerId" -> CUSTOMER_ID;
            case "currency" -> CURRENCY;
            case "items" -> ITEMS;
            case "attributes" -> ATTRIBUTES;
            default -> 0;
        };
    }

    private void known(JsonParser json, int field) throws IOException {
        switch (field) {
            case CLIENT_ORDER_ID -> clientOrderId(json);
            case CUSTOMER_ID -> customerId = faults.name(json);
            case CURRENCY -> currency(json);
            case ITEMS -> itemsReader.read(json, faults);
            default -> attributes(json);
        }
    }

    private void clientOrderId(JsonParser json) throws IOException {
        clientOrderId = faults.string(json);
        String detail = clientOrderId == null ? null : TextRules.clientOrderId(clientOrderId);
        if (detail != null) {
            faults.here(json, detail);
        }
    }

    private void currency(JsonParser json) throws IOException {
        String text = faults.string(json);
        String code = text == null ? "" : Currencies.of(text);
        if (code == null) {
            faults.here(json, "must be an active ISO 4217 code, in upper case");
        } else {
            currency = code;
        }
    }

    private void attributes(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            attributesReader.read(json, faults);
        } else {
            faults.wrongType(json, "must be an object");
        }
    }

    private void missing(JsonParser json) {
        if ((seen & CUSTOMER_ID) == 0) {
            faults.missing(json, "customerId");
        }
        if ((seen & CURRENCY) == 0) {
            faults.missing(json, "currency");
        }
        if ((seen & ITEMS) == 0) {
            faults.missing(json, "items");
        }
    }

    /** The header's key counts as if the document ended with it. */
    private void resolveKey(@Nullable String key) {
        if (key == null) {
            return;
        }
        String detail = TextRules.clientOrderId(key);
        if (detail != null) {
            faults.add("/clientOrderId", "as Idempotency-Key " + detail);
        } else if ((seen & CLIENT_ORDER_ID) == 0) {
            clientOrderId = key;
        } else if (clientOrderId != null && !clientOrderId.equals(key)) {
            faults.add("/clientOrderId", "must equal the Idempotency-Key where both are sent");
        }
    }

    private Order order(Submission submission) {
        String account = submission.account();
        long acceptedAtMicros = submission.acceptedAtMicros();
        String key = clientOrderId;
        UUID id = key == null ? orderId.fresh(acceptedAtMicros) : orderId.derived(account, key);
        Utf8Buffer attributes = (seen & ATTRIBUTES) == 0 ? null : attributesReader.canonical();
        return new Order(
                id,
                account,
                key,
                customerId,
                currency,
                itemsReader.total().toText(scratch),
                itemsReader.canonical(),
                attributes == null ? null : attributes.toString(),
                acceptedAtMicros,
                digest.finish(customerId, currency, attributes));
    }

    /**
     * What arrives beside a document.
     *
     * @param account whose order it is, 1 to 64 of {@code [A-Za-z0-9._-]}; checked by authentication
     * @param idempotencyKey the value of the {@code Idempotency-Key} header without its quotes, or null; becomes the client
     *     order id where the document has none
     * @param acceptedAtMicros when it arrived, microseconds since the epoch, UTC
     */
    public record Submission(String account, @Nullable String idempotencyKey, long acceptedAtMicros) {}
}
