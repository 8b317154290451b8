import com.github.f4b6a3.uuid.UuidCreator;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.UUID;

/**
 * The order server that a good Vert.x application would have without Sluice: Vert.x Web, a pool of connections an
 * instance, one prepared INSERT a request, 201 after its commit. It takes the same JSON into the same table, and trusts it:
 * no identity of a retry, no validation, no limits, no overflow. loadtest/single-orders holds Sluice against it.
 */
public final class PlainServer extends VerticleBase {

    /** The row of loadtest/pgbench-order.sql. */
    private static final String INSERT = "INSERT INTO orders (id, account, client_order_id, customer_id, currency, total,"
            + " items, attributes, accepted_at, committed_at, fingerprint) VALUES ($1, 'default', $2, $3, $4, $5, $6, $7,"
            + " now(), statement_timestamp(), '\\x01e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')";

    private final int port;
    private final PgConnectOptions postgres;
    private final int poolSize;

    private PreparedQuery<RowSet<Row>> insert;

    private PlainServer(int port, PgConnectOptions postgres, int poolSize) {
        this.port = port;
        this.postgres = postgres;
        this.poolSize = poolSize;
    }

    /** PORT INSTANCES POOL_SIZE, the last of each instance; POSTGRES_URI is in the environment, for it has a password. */
    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        int instances = Integer.parseInt(arguments[1]);
        int poolSize = Integer.parseInt(arguments[2]);
        PgConnectOptions postgres = PgConnectOptions.fromUri(System.getenv("POSTGRES_URI"));
        postgres.setCachePreparedStatements(true);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.deployVerticle(
                        () -> new PlainServer(port, postgres, poolSize), new DeploymentOptions().setInstances(instances))
                .onSuccess(up -> System.out.printf(
                        "plain server: port %d, %d instances, %d connections each, %s%n",
                        port, instances, poolSize, vertx.isNativeTransportEnabled() ? "native transport" : "NIO"))
                .onFailure(PlainServer::end);
    }

    private static void end(Throwable error) {
        error.printStackTrace();
        System.exit(1);
    }

    /** The pool belongs to this instance, so that its connections live on this event loop. */
    @Override
    public Future<?> start() {
        Pool pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(poolSize))
                .connectingTo(postgres)
                .using(vertx)
                .build();
        insert = pool.preparedQuery(INSERT);
        Router router = Router.router(vertx);
        router.post("/orders").handler(BodyHandler.create(false)).handler(this::submit);
        return vertx.createHttpServer().requestHandler(router).listen(port, "127.0.0.1");
    }

    private void submit(RoutingContext request) {
        JsonObject order = request.body().asJsonObject();
        UUID id = UuidCreator.getTimeOrderedEpochFast();
        insert.execute(row(id, order))
                .onSuccess(committed -> request.response()
                        .setStatusCode(201)
                        .putHeader("Content-Type", "application/json")
                        .end(answer(id, order).toBuffer()))
                .onFailure(error -> request.fail(503, error));
    }

    private static Tuple row(UUID id, JsonObject order) {
        JsonArray items = order.getJsonArray("items");
        return Tuple.from(new Object[] {
            id,
            order.getString("clientOrderId"),
            order.getString("customerId"),
            order.getString("currency"),
            total(items),
            items,
            order.getJsonObject("attributes")
        });
    }

    private static BigDecimal total(JsonArray items) {
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i < items.size(); i++) {
            JsonObject item = items.getJsonObject(i);
            BigDecimal price = new BigDecimal(item.getValue("unitPrice").toString());
            total = total.add(price.multiply(BigDecimal.valueOf(item.getLong("quantity"))));
        }
        return total;
    }

    private static JsonObject answer(UUID id, JsonObject order) {
        return JsonObject.of("id", id.toString(), "clientOrderId", order.getString("clientOrderId"), "status", "committed");
    }
}
