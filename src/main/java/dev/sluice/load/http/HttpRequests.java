package dev.sluice.load.http;

import dev.sluice.load.run.OrderDocuments;
import dev.sluice.load.run.OrderDocuments.Template;
import dev.sluice.load.run.Shipment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Orders as requests. The bytes of a request for one order are prepared once for each content; only the digits of the
 * order's number are patched. One thread.
 */
final class HttpRequests {

    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final OrderDocuments documents;
    private final int batch;
    private final Target target;
    private final List<String> headers;
    private final byte[][] singles;
    private final byte[] batchHead;

    /**
     * The requests of a run.
     *
     * @param batch orders a request; 1 is a single order
     * @param headers more header lines, {@code Name: value} each
     */
    HttpRequests(OrderDocuments documents, int batch, Target target, List<String> headers) {
        this.documents = documents;
        this.batch = batch;
        this.target = target;
        this.headers = headers;
        this.singles = documents.templates().stream()
                .map(template -> single(template.document()))
                .toArray(byte[][]::new);
        this.batchHead = head("/orders/batch", NDJSON).getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] single(byte[] document) {
        byte[] head = (head("/orders", JSON) + document.length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = Arrays.copyOf(head, head.length + document.length);
        System.arraycopy(document, 0, request, head.length, document.length);
        return request;
    }

    private String head(String path, String mediaType) {
        StringBuilder head = new StringBuilder("POST ").append(target.path()).append(path);
        head.append(" HTTP/1.1\r\nHost: ").append(target.authority());
        head.append("\r\nContent-Type: ").append(mediaType).append("\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        return head.append("Content-Length: ").toString();
    }

    int batch() {
        return batch;
    }

    /** The request for these orders. */
    ByteBuf of(Shipment shipment) {
        return batch == 1 ? single(shipment) : batch(shipment);
    }

    private ByteBuf single(Shipment shipment) {
        Template template = documents.template(shipment.kind(0), shipment.number(0));
        byte[] request = singles[template.number()];
        documents.putNumber(request, request.length - template.document().length, shipment.number(0));
        return allocator.directBuffer(request.length).writeBytes(request);
    }

    /** A line an order. */
    private ByteBuf batch(Shipment shipment) {
        int bodyBytes = 0;
        for (int i = 0; i < shipment.size(); i++) {
            bodyBytes +=
                    documents.template(shipment.kind(i), shipment.number(i)).document().length + 1;
        }
        byte[] length = (bodyBytes + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuf request = allocator.directBuffer(batchHead.length + length.length + bodyBytes);
        request.writeBytes(batchHead).writeBytes(length);
        for (int i = 0; i < shipment.size(); i++) {
            request.writeBytes(documents.document(shipment.kind(i), shipment.number(i)))
                    .writeByte('\n');
        }
        return request;
    }
}
