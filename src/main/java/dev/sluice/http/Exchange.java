package dev.sluice.http;

import dev.sluice.auth.Identity;
import dev.sluice.budget.MemoryBudget.Claim;
import dev.sluice.listener.BodyReader;
import dev.sluice.listener.HttpDate;
import dev.sluice.listener.Problem;
import dev.sluice.listener.access.Denial;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its one answer. The first answer wins: the handler, the HTTP deadline or the end of the
 * connection; what comes later is dropped. Owned by one event loop.
 */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** A request that takes more than one step; called on the event loop. */
    interface LongRequest {
        /** The HTTP deadline has passed: answer with what is known, or with that. */
        void overdue(Answer usual);

        /** The connection has taken the answer, or is gone; once. */
        void over();
    }

    private final Exchanges owner;
    private final ClientRequest request;
    private final long beganNanos;
    private @Nullable UUID sentId;
    private @Nullable BodyReader body;
    private final Claim claim;
    private ServerTiming timing = ServerTiming.NONE;
    private boolean ended;
    private @Nullable LongRequest longRequest;
    private @Nullable Admission admission;
    private Identity client = Identity.EVERY_CLIENT;
    private @Nullable String challenge;
    private @Nullable Map<CharSequence, CharSequence> moreHeaders;

    @Nullable
    Exchange older;

    @Nullable
    Exchange newer;

    Exchange(Exchanges owner, ClientRequest request, long beganNanos) {
        this.owner = owner;
        this.request = request;
        this.beganNanos = beganNanos;
        this.claim = owner.claim();
    }

    ClientRequest request() {
        return request;
    }

    long beganNanos() {
        return beganNanos;
    }

    boolean isEnded() {
        return ended;
    }

    /** The client was authenticated. */
    void isOf(Identity authenticated) {
        client = authenticated;
    }

    /** Whose request it is. */
    String account() {
        return client.account();
    }

    /** The client may not do this; the challenge says how it may. */
    void refuse(Denial denial) {
        challenge = denial.challenge();
        answer(Answer.problem(denial.problem(), denial.retryAfterSeconds()));
    }

    /** The answer will have that header too. */
    void header(CharSequence name, CharSequence value) {
        Map<CharSequence, CharSequence> more = moreHeaders == null ? new LinkedHashMap<>() : moreHeaders;
        more.put(name, value);
        moreHeaders = more;
    }

    /** Whether there is memory for what its head takes; then it is reserved. */
    boolean reservesHead() {
        long bytes = request.headBytes();
        return bytes == 0 || claim.take(bytes);
    }

    /** What it takes of its account's quota. */
    Admission admission() {
        Admission own = admission == null ? new Admission(owner.quotas().of(account())) : admission;
        admission = own;
        return own;
    }

    /** From here on the order may be stored, whatever happens to the reply. */
    void sent(UUID id) {
        sentId = id;
    }

    /** The order that may be stored, or null while none was sent. */
    @Nullable
    UUID sentId() {
        return sentId;
    }

    /** From here on that request is asked at the deadline and told of the end. */
    void follow(LongRequest followed) {
        longRequest = followed;
        owner.endsWithInput(this);
    }

    /** Answers at the HTTP deadline. */
    void expire(Answer usual) {
        if (longRequest != null) {
            longRequest.overdue(usual);
        }
        answer(usual);
    }

    /** Reads the body; what is left of it is dropped when the exchange ends. */
    void read(BodyReader reader) {
        body = reader;
        reader.read(request);
    }

    void measure(ServerTiming asked) {
        timing = asked;
    }

    ServerTiming timing() {
        return timing;
    }

    void answer(Answer answer) {
        if (!end()) {
            return;
        }
        Reply reply = request.reply();
        putHeaders(reply, answer.status());
        if (admission != null) {
            admission.answered(answer.status(), reply);
        }
        Answer sent = owner.lastOrNot(answer, request);
        boolean withBody = !HttpMethod.HEAD.equals(request.method());
        if (sent.isSentAtOnce(withBody)) {
            Future<Void> written = sent.send(reply, withBody);
            owner.answering(this);
            over(answer.status(), written);
        } else {
            owner.answering(this);
            if (sent.hasUnknownLength()) {
                reply.withUnknownLength();
            }
            sent.sendPieces(owner.turns(), reply).onComplete(taken -> over(answer.status(), Future.succeededFuture()));
        }
    }

    /** Sluice failed over it. */
    void failed(@Nullable Throwable error) {
        LOG.error("a request failed", error);
        answer(Answer.problem(Problem.internal()).andClose());
    }

    private void putHeaders(Reply reply, int status) {
        reply.begin(status);
        reply.header(HttpHeaders.DATE, HttpDate.now());
        owner.putCrossOriginHeaders(request);
        String requestId = RequestId.of(request);
        if (requestId != null) {
            reply.header(RequestId.HEADER, requestId);
        }
        if (challenge != null) {
            reply.header(Denial.CHALLENGE, challenge);
        }
        if (moreHeaders != null) {
            moreHeaders.forEach(reply::header);
        }
        String measured = timing.header();
        if (!measured.isEmpty()) {
            reply.header(ServerTiming.HEADER, measured);
        }
    }

    /** False where it is over already. */
    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        if (body != null) {
            admission().read(body.received());
            body.run();
        }
        return true;
    }

    /** The client is gone. */
    void abandon() {
        if (end()) {
            owner.answering(this);
            over(0, Future.succeededFuture());
        }
    }

    /** Its memory is given back when the connection has taken the answer: mostly at once. */
    private void over(int status, Future<Void> written) {
        owner.ended(this, status);
        if (admission != null) {
            admission.over();
        }
        if (longRequest != null) {
            longRequest.over();
        }
        if (claim.bytes() == 0) {
            return;
        }
        if (written.isComplete() || owner.takesAnswers(request)) {
            claim.release();
        } else {
            written.onComplete(taken -> claim.release());
        }
    }

    /** Where what it takes of the node's memory is reserved; given back at its end. */
    Claim claim() {
        return claim;
    }

    /** Refuses it where its body has begun and is not whole, so that its memory serves others; false where it is not so. */
    boolean giveWay(Answer refusal) {
        if (ended || body == null || !body.isWaiting()) {
            return false;
        }
        answer(refusal);
        return true;
    }
}
