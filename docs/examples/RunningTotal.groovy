import io.vertx.core.Future
import io.vertx.core.VerticleBase
import io.vertx.core.json.JsonObject

/**
 * Publishes how many orders were committed since it runs, and what they amount to by currency, at `orders.total`:
 * {"orders":3,"totals":{"EUR":"75.00"}}. Commits are published at most once, so it is a figure for a screen and not for
 * the books. See docs/extensions.md.
 */
class RunningTotal extends VerticleBase {

    private long orders = 0
    private final Map<String, BigDecimal> totals = new TreeMap<>()
    private boolean changed = false

    Future<?> start() {
        vertx.setPeriodic(config().getLong('everyMs', 1_000L)) { publish() }
        vertx.eventBus().consumer('orders.committed') { message -> add(message.body()) }.completion()
    }

    private void add(JsonObject batch) {
        batch.getJsonArray('orders').each { JsonObject order ->
            orders++
            totals.merge(order.getString('currency'), new BigDecimal(order.getString('total')), BigDecimal::add)
        }
        changed = true
    }

    private void publish() {
        if (changed) {
            changed = false
            def amounts = new JsonObject()
            totals.each { currency, total -> amounts.put(currency, total.toPlainString()) }
            vertx.eventBus().publish('orders.total', new JsonObject().put('orders', orders).put('totals', amounts))
        }
    }
}
