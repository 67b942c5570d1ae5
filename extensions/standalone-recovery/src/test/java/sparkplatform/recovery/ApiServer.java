package sparkplatform.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** One Lease behind HTTP, with the API server's rule that a change must know the latest version. Each client has a path of its own, and may be cut off. */
final class ApiServer implements AutoCloseable {
    enum Fault { REFUSE, HANG, APPLY_AND_HANG }

    private static final ObjectMapper json = new ObjectMapper();
    final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final HttpServer server;
    private ObjectNode lease;
    private int version;

    ApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    URI addressFor(String client) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + client);
    }

    synchronized JsonNode lease() {
        return lease == null ? json.nullNode() : lease.deepCopy();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Fault fault = faults.get(exchange.getRequestURI().getPath().split("/")[1]);
        if (fault == Fault.REFUSE) {
            answer(exchange, 503, "{\"message\":\"away\"}");
            return;
        }
        if (fault == Fault.HANG) {
            return;
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        Object[] result = apply(exchange.getRequestMethod(), body);
        if (fault != Fault.APPLY_AND_HANG) {
            answer(exchange, (Integer) result[0], (String) result[1]);
        }
    }

    private synchronized Object[] apply(String method, byte[] body) throws IOException {
        if (method.equals("GET")) {
            return lease == null ? new Object[] {404, "{}"} : new Object[] {200, lease.toString()};
        }
        ObjectNode given = (ObjectNode) json.readTree(body);
        boolean fresh = method.equals("POST") ? lease == null : given.path("metadata").path("resourceVersion").asText().equals(String.valueOf(version));
        if (!fresh) {
            return new Object[] {409, "{\"message\":\"the object has been modified\"}"};
        }
        ((ObjectNode) given.get("metadata")).put("resourceVersion", String.valueOf(++version));
        lease = given;
        return new Object[] {200, lease.toString()};
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes());
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
