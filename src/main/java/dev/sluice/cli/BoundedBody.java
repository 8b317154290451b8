package dev.sluice.cli;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as text, at most {@value #BYTES_MAX} bytes of it; beyond, it fails with an {@link IOException}. One
 * thread at a time.
 */
final class BoundedBody implements BodySubscriber<String> {

    private static final int BYTES_MAX = 16 << 20;

    private final BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
    private @Nullable Subscription subscription;
    private long bytes;

    @Override
    public CompletionStage<String> getBody() {
        return text.getBody();
    }

    @Override
    public void onSubscribe(Subscription begun) {
        subscription = begun;
        text.onSubscribe(begun);
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
        if (bytes > BYTES_MAX) {
            return;
        }
        bytes += more.stream().mapToLong(ByteBuffer::remaining).sum();
        if (bytes <= BYTES_MAX) {
            text.onNext(more);
            return;
        }
        if (subscription != null) {
            subscription.cancel();
        }
        text.onError(new IOException("its answer is larger than " + (BYTES_MAX >> 20) + " MiB"));
    }

    @Override
    public void onError(Throwable error) {
        text.onError(error);
    }

    @Override
    public void onComplete() {
        text.onComplete();
    }
}
