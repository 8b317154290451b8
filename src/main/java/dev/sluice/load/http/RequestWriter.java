package dev.sluice.load.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes requests: bytes prepared once, with the number of the order patched in. One thread, which owns the prepared
 * bytes.
 */
final class RequestWriter {

    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";

    private final OrderTemplates templates;
    private final List<byte[]> valid;
    private final List<byte[]> invalid;
    private final byte[] batchHead;
    private final int digitsInDocument;

    RequestWriter(OrderTemplates templates, Target target, List<String> headers) {
        this.templates = templates;
        this.valid = templates.valid().stream()
                .map(document -> single(target, headers, document))
                .toList();
        this.invalid = templates.invalid().stream()
                .map(document -> single(target, headers, document))
                .toList();
        this.batchHead = head(target, "/orders/batch", NDJSON, headers).getBytes(StandardCharsets.ISO_8859_1);
        this.digitsInDocument = templates.digitsAt();
    }

    private static String head(Target target, String path, String mediaType, List<String> headers) {
        StringBuilder head = new StringBuilder("POST ").append(target.path()).append(path);
        head.append(" HTTP/1.1\r\nHost: ").append(target.authority());
        head.append("\r\nContent-Type: ").append(mediaType).append("\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        return head.append("Content-Length: ").toString();
    }

    private static byte[] single(Target target, List<String> headers, byte[] document) {
        String head = head(target, "/orders", JSON, headers) + document.length + "\r\n\r\n";
        byte[] before = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = new byte[before.length + document.length];
        System.arraycopy(before, 0, request, 0, before.length);
        System.arraycopy(document, 0, request, before.length, document.length);
        return request;
    }

    /** The request for one order. */
    ByteBuf single(Shipment shipment, ByteBufAllocator allocator) {
        long number = shipment.number(0);
        boolean isInvalid = shipment.kind(0) == Shipment.Kind.INVALID;
        int which = isInvalid ? templates.faultOf(number) : OrderTemplates.contentOf(number);
        byte[] document = document(isInvalid, which);
        byte[] request = (isInvalid ? invalid : valid).get(which);
        int digitsAt = request.length - document.length + digitsInDocument;
        OrderTemplates.putNumber(request, digitsAt, number);
        return allocator.directBuffer(request.length).writeBytes(request);
    }

    /** The request for a batch, a line per order. */
    ByteBuf batch(Shipment shipment, ByteBufAllocator allocator) {
        int bodyBytes = 0;
        for (int i = 0; i < shipment.size(); i++) {
            bodyBytes += document(shipment, i).length + 1;
        }
        byte[] length = (bodyBytes + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuf request = allocator.directBuffer(batchHead.length + length.length + bodyBytes);
        request.writeBytes(batchHead).writeBytes(length);
        for (int i = 0; i < shipment.size(); i++) {
            byte[] document = document(shipment, i);
            OrderTemplates.putNumber(document, templates.digitsAt(), shipment.number(i));
            request.writeBytes(document).writeByte('\n');
        }
        return request;
    }

    private byte[] document(Shipment shipment, int i) {
        long number = shipment.number(i);
        boolean isInvalid = shipment.kind(i) == Shipment.Kind.INVALID;
        return document(isInvalid, isInvalid ? templates.faultOf(number) : OrderTemplates.contentOf(number));
    }

    private byte[] document(boolean isInvalid, int which) {
        return (isInvalid ? templates.invalid() : templates.valid()).get(which);
    }
}
