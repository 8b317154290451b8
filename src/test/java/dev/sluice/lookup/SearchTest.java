package dev.sluice.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.bus.Lookup;
import dev.sluice.config.TestConfig;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an order is looked for, and what outranks what. */
class SearchTest {

    private static final Order ORDER = TestOrders.order("k");
    private static final StoredOrder ROW = new StoredOrder(ORDER, 5);
    private static final Lookup LOOKUP = new Lookup("default", ORDER.id());
    private final StoreFailure away = StoreFailure.notStored("away");

    private final List<String> asked = new ArrayList<>();
    private final Deque<Future<Optional<StoredOrder>>> rows = new ArrayDeque<>();
    private Future<Map<UUID, Order>> entries = Future.succeededFuture(Map.of());
    private Future<List<DeadLetters.DeadLetter>> letters = Future.succeededFuture(List.of());

    private Future<Optional<FoundOrder>> find() {
        Search search = new Search(new LookupStores(new Store(), new Queue(), new Letters()), TestConfig.of(), () -> 0);
        return search.find(LOOKUP);
    }

    private static Future<Optional<StoredOrder>> row(StoredOrder row) {
        return Future.succeededFuture(Optional.ofNullable(row));
    }

    private static DeadLetters.DeadLetter letter(Order order, long diedAtMicros, boolean discarded) {
        return new DeadLetters.DeadLetter(
                new UUID(1, diedAtMicros), order, "at " + diedAtMicros, diedAtMicros, discarded);
    }

    private void queued(Order order) {
        entries = Future.succeededFuture(Map.of(order.id(), order));
    }

    private static void assertFound(FoundOrder expected, Future<Optional<FoundOrder>> found) {
        assertEquals(Optional.of(expected), found.result());
    }

    @Test
    void aRowIsFoundWithoutAskingTheOverflow() {
        rows.add(row(ROW));
        assertFound(new FoundOrder.Committed(ROW), find());
        assertEquals(List.of("row"), asked);
    }

    @Test
    void nothingIsAnAnswerOnlyAfterAllWereAskedAndPostgresTwice() {
        rows.addAll(List.of(row(null), row(null)));
        assertEquals(Optional.empty(), find().result());
        assertEquals(List.of("row", "entry", "letter", "row"), asked);
    }

    @Test
    void anEntryIsFoundAndARowThatCameMeanwhileOutranksIt() {
        queued(ORDER);
        rows.addAll(List.of(row(null), row(null)));
        assertFound(new FoundOrder.Queued(ORDER), find());
        rows.addAll(List.of(row(null), row(ROW)));
        assertFound(new FoundOrder.Committed(ROW), find());
    }

    @Test
    void anOrderThatWasDrainedMeanwhileIsFound() {
        rows.addAll(List.of(row(null), row(ROW)));
        assertFound(new FoundOrder.Committed(ROW), find());
    }

    @Test
    void anEntryOutranksADeadLetter() {
        queued(ORDER);
        letters = Future.succeededFuture(List.of(letter(ORDER, 1, false)));
        rows.addAll(List.of(row(null), row(null)));
        assertFound(new FoundOrder.Queued(ORDER), find());
    }

    @Test
    void ofSeveralDeadLettersTheLatestIsShownAndATombstoneLast() {
        letters = Future.succeededFuture(
                List.of(letter(ORDER, 1, false), letter(ORDER, 3, true), letter(ORDER, 2, false)));
        rows.addAll(List.of(row(null), row(null)));
        assertFound(new FoundOrder.Dead(ORDER, "at 2", false), find());
        letters = Future.succeededFuture(List.of(letter(ORDER, 3, true)));
        rows.addAll(List.of(row(null), row(null)));
        assertFound(new FoundOrder.Dead(ORDER, "at 3", true), find());
    }

    /** Text of the server may name constraints, rows and hosts: it is for the log and the dead letter. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new row for relation \"orders\" violates check constraint \"no_gbp\" (SQLSTATE 23514)"
                        + "|PostgreSQL answered SQLSTATE 23514",
                "sold out at db7.internal (SQLSTATE 23514) (SQLSTATE P0001)|PostgreSQL answered SQLSTATE P0001",
                "'two\nlines (SQLSTATE 22003)'|PostgreSQL answered SQLSTATE 22003",
                "(SQLSTATE 23502)|PostgreSQL answered SQLSTATE 23502",
                "client_order_id_reused: another content was committed first|",
                "failed alone 10 times while others were stored: PostgreSQL answered SQLSTATE 53100|",
                "PostgreSQL reported no error and inserted no row: a trigger on the table orders drops this order|"
            })
    void theClientOfADeadOrderHearsNoWordOfTheServer(String reason, String said) {
        letters = Future.succeededFuture(List.of(new DeadLetters.DeadLetter(new UUID(1, 1), ORDER, reason, 1, false)));
        rows.addAll(List.of(row(null), row(null)));
        assertFound(new FoundOrder.Dead(ORDER, said == null ? reason : said, false), find());
    }

    @Test
    void anotherAccountsOrderIsNotShown() {
        Order foreign = new Order(ORDER.id(), "other", "k", "c", "EUR", "1", "[]", null, 1, ORDER.fingerprint());
        queued(foreign);
        letters = Future.succeededFuture(List.of(letter(foreign, 1, false)));
        rows.addAll(List.of(row(null), row(null)));
        assertEquals(Optional.empty(), find().result());
    }

    @Test
    void anEntryIsAnAnswerWithoutPostgres() {
        queued(ORDER);
        rows.add(Future.failedFuture(away));
        assertFound(new FoundOrder.Queued(ORDER), find());
        assertEquals(List.of("row", "entry"), asked, "which is not asked again");
        rows.addAll(List.of(row(null), Future.failedFuture(away)));
        assertFound(new FoundOrder.Queued(ORDER), find());
    }

    @Test
    void aDeadLetterIsNoAnswerWithoutPostgres() {
        letters = Future.succeededFuture(List.of(letter(ORDER, 1, false)));
        rows.add(Future.failedFuture(away));
        assertTrue(find().failed());
        rows.addAll(List.of(row(null), Future.failedFuture(away)));
        assertTrue(find().failed());
    }

    @Test
    void whereOneDoesNotAnswerNothingIsNoAnswer() {
        rows.add(Future.failedFuture(away));
        assertTrue(find().failed());
        rows.addAll(List.of(row(null), Future.failedFuture(away)));
        assertTrue(find().failed());
        letters = Future.failedFuture(away);
        rows.addAll(List.of(row(null), row(null)));
        assertTrue(find().failed());
        letters = Future.succeededFuture(List.of(letter(ORDER, 1, false)));
        entries = Future.failedFuture(away);
        rows.addAll(List.of(row(null), row(null)));
        assertTrue(find().failed(), "an entry would outrank the dead letter");
    }

    @Test
    void aRowIsAnAnswerThoughTheOthersFail() {
        entries = Future.failedFuture(away);
        rows.addAll(List.of(row(null), row(ROW)));
        assertFound(new FoundOrder.Committed(ROW), find());
    }

    private final class Store implements OrderStore {
        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
            throw new AssertionError("a look-up inserts nothing");
        }

        @Override
        public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
            asked.add("row");
            return rows.remove();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private final class Queue implements OverflowQueue {
        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public long depth() {
            return 0;
        }

        @Override
        public Future<List<Outcome>> offer(List<Order> orders, Deadline deadline) {
            throw new AssertionError("a look-up queues nothing");
        }

        @Override
        public Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline) {
            asked.add("entry");
            return entries;
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private final class Letters implements DeadLetters {
        @Override
        public Future<List<DeadLetter>> ofOrder(UUID orderId, Deadline deadline) {
            asked.add("letter");
            return letters;
        }

        @Override
        public Future<Page> list(UUID after, int max, int bytesMax) {
            throw new AssertionError("not asked");
        }

        @Override
        public Future<Optional<DeadLetter>> get(UUID id) {
            throw new AssertionError("not asked");
        }

        @Override
        public Future<Optional<DeadLetter>> replay(UUID id) {
            throw new AssertionError("not asked");
        }

        @Override
        public Future<Optional<DeadLetter>> discard(UUID id) {
            throw new AssertionError("not asked");
        }

        @Override
        public Future<Void> resolve(List<Order> committed) {
            throw new AssertionError("not asked");
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
