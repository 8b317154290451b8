package dev.sluice.fault;

import dev.sluice.order.OrderId;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a load sent and heard, key by key, and whether the database agrees. */
final class History {

    /** How an attempt ended, for the client. */
    enum End {
        COMMITTED,
        REPLAYED,
        /** 202, for the first time or again. */
        QUEUED,
        CONFLICT,
        REFUSED,
        NOT_STORED,
        UNKNOWN,
        /** The connection ended without an answer. */
        RESET,
        /** No answer within any deadline. */
        HANG,
        /** An answer that the contract does not know here. */
        STRANGE
    }

    /** One order sent once. */
    record Attempt(int quantity, End end, @Nullable Reply answer) {}

    private record Row(String id, String fingerprint, String committedAt) {}

    private final Map<String, List<Attempt>> attempts = new ConcurrentHashMap<>();

    /** Entered before the request leaves: a row that was never sent is a fault. */
    void sending(String key) {
        attempts.computeIfAbsent(key, none -> new CopyOnWriteArrayList<>());
    }

    void heard(String key, int quantity, Reply answer) {
        add(key, new Attempt(quantity, endOf(answer), answer));
    }

    void lost(String key, int quantity, End end) {
        add(key, new Attempt(quantity, end, null));
    }

    private void add(String key, Attempt attempt) {
        attempts.get(key).add(attempt);
    }

    private static End endOf(Reply answer) {
        boolean replayed = "true".equals(answer.header("idempotent-replayed"));
        String code = answer.status() < 300 ? "" : String.valueOf(answer.code());
        return switch (answer.status() + code) {
            case "201" -> replayed ? End.REPLAYED : End.COMMITTED;
            case "202" -> End.QUEUED;
            case "422client_order_id_reused" -> End.CONFLICT;
            case "422order_refused" -> End.REFUSED;
            case "503not_stored" -> End.NOT_STORED;
            case "503outcome_unknown" -> End.UNKNOWN;
            default -> End.STRANGE;
        };
    }

    /** All that was sent under a key. */
    List<Attempt> of(String key) {
        return attempts.getOrDefault(key, List.of());
    }

    long count(End... ends) {
        return count(key -> true, ends);
    }

    /** Counts some keys only. */
    long count(Predicate<String> keys, End... ends) {
        return attempts.entrySet().stream()
                .filter(entry -> keys.test(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .filter(attempt -> List.of(ends).contains(attempt.end()))
                .count();
    }

    /**
     * Answers 503 that the overflow should have spared the client. Not among them: an order whose outcome is unknown
     * while other content is queued under its key; it stays unknown, as a row may yet say that it came first.
     */
    List<Attempt> spared() {
        return attempts.values().stream()
                .flatMap(sent -> sent.stream().filter(attempt -> isSpared(attempt, sent)))
                .toList();
    }

    private static boolean isSpared(Attempt attempt, List<Attempt> sent) {
        return attempt.end() == End.NOT_STORED
                || (attempt.end() == End.UNKNOWN && !isOtherQueued(attempt.quantity(), sent));
    }

    private static boolean isOtherQueued(int quantity, List<Attempt> sent) {
        return sent.stream().anyMatch(other -> other.quantity() != quantity && other.end() == End.QUEUED);
    }

    Map<End, Long> summary() {
        Map<End, Long> summary = new TreeMap<>();
        for (End end : End.values()) {
            summary.put(end, count(end));
        }
        return summary;
    }

    /** Every promise that the database or an answer broke; empty where all were kept. */
    List<String> violations(String postgresUri, String tag, boolean someQueuedOrDead) {
        Map<String, Row> rows = rows(postgresUri, tag);
        List<String> violations = new ArrayList<>();
        rows.keySet().stream()
                .filter(key -> !attempts.containsKey(key))
                .forEach(key -> violations.add(key + ": a row that was never sent"));
        String rowsOfKeys = TestPostgres.queryText(
                postgresUri, "select count(*)::text from orders where client_order_id like '" + tag + "-%'");
        if (!rowsOfKeys.equals(Integer.toString(rows.size()))) {
            violations.add(rowsOfKeys + " rows for " + rows.size() + " keys");
        }
        attempts.forEach((key, sent) -> {
            Verdict verdict = new Verdict(key, rows.get(key), sent, someQueuedOrDead);
            sent.forEach(verdict::judge);
            verdict.judgeTogether();
            violations.addAll(verdict.violations);
        });
        return violations;
    }

    private static Map<String, Row> rows(String postgresUri, String tag) {
        Map<String, Row> rows = new HashMap<>();
        TestPostgres.execute(
                        postgresUri,
                        "select client_order_id, id::text, encode(fingerprint, 'hex'), to_char(committed_at at time zone"
                                + " 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from orders where client_order_id like '"
                                + tag + "-%'")
                .forEach(row ->
                        rows.put(row.getString(0), new Row(row.getString(1), row.getString(2), row.getString(3))));
        return rows;
    }

    /** One key: its row, if any, against everything that was said of it. */
    private static final class Verdict {

        private final String key;
        private final @Nullable Row row;
        private final List<Attempt> sent;
        private final boolean mayBeElsewhere;
        private final List<String> violations = new ArrayList<>();

        Verdict(String key, @Nullable Row row, List<Attempt> sent, boolean mayBeElsewhere) {
            this.mayBeElsewhere = mayBeElsewhere;
            this.key = key;
            this.row = row;
            this.sent = sent;
        }

        private void require(boolean held, String promise, Object about) {
            if (!held) {
                violations.add(key + ": " + promise + "; " + about + "; row " + row + "; sent " + sent);
            }
        }

        private boolean isRow(int quantity) {
            return row != null
                    && row.fingerprint()
                            .equals(TestOrders.order(key, quantity)
                                    .fingerprint()
                                    .toString());
        }

        void judge(Attempt attempt) {
            Reply answer = attempt.answer();
            switch (attempt.end()) {
                case COMMITTED, REPLAYED -> {
                    require(isRow(attempt.quantity()), "answered 201, and no row of that content", attempt);
                    require(
                            row != null
                                    && row.id().equals(answer.json().getString("id"))
                                    && row.committedAt().equals(answer.json().getString("committedAt")),
                            "answered 201 with another id or time",
                            attempt);
                }
                // verify compares the content: an order that lost to other content is a dead letter
                case QUEUED -> require(row != null || mayBeElsewhere, "answered 202, drained, and no row", attempt);
                case CONFLICT ->
                    require(
                            (row != null && !isRow(attempt.quantity())) || otherWasQueued(attempt.quantity()),
                            "a conflict with nothing",
                            attempt);
                case REFUSED -> require(!isRow(attempt.quantity()), "refused, and a row", attempt);
                case UNKNOWN -> {
                    String id = OrderId.of("default", key).toString();
                    require(id.equals(answer.json().getString("id")), "unknown, without its id", attempt);
                    requireRetryAfter(answer);
                }
                case NOT_STORED -> requireRetryAfter(answer);
                case RESET -> {}
                case HANG, STRANGE -> require(false, "no answer that the contract knows", attempt);
            }
        }

        /** While PostgreSQL is silent a repetition is judged against the queued copy, though another was committed. */
        private boolean otherWasQueued(int quantity) {
            return isOtherQueued(quantity, sent);
        }

        private void requireRetryAfter(Reply answer) {
            String seconds = answer.header("retry-after");
            require(seconds != null && Integer.parseInt(seconds) >= 1, "503 without Retry-After", answer);
        }

        void judgeTogether() {
            for (int quantity = 1; quantity <= 2; quantity++) {
                int content = quantity;
                boolean surelyAbsent = sent.stream()
                        .filter(attempt -> attempt.quantity() == content)
                        .allMatch(attempt -> attempt.end() == End.NOT_STORED || attempt.end() == End.CONFLICT);
                require(!surelyAbsent || !isRow(content), "never stored by any answer, and a row", content);
            }
            long commits = sent.stream()
                    .filter(attempt -> attempt.end() == End.COMMITTED)
                    .count();
            require(commits <= 1, "committed more than once", commits);
        }
    }
}
