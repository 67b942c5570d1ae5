package sparkplatform.tracing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** The listener as Spark makes it, by name, with a collector at the other end or none. */
class TracingListenerTest {
    private static SparkSession traced(String... settings) {
        SparkSession.Builder builder = LocalSpark.session().config("spark.extraListeners", TracingListener.class.getName());
        for (int i = 0; i < settings.length; i += 2) {
            builder.config(Telemetry.PREFIX + settings[i], settings[i + 1]);
        }
        return builder.getOrCreate();
    }

    private static void works(SparkSession spark) {
        assertEquals(499_500L, spark.range(1000).selectExpr("sum(id)").first().getLong(0));
    }

    private static Duration stopped(SparkSession spark) {
        long begin = System.nanoTime();
        spark.stop();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void spansArriveByTheTimeThatSparkHasStopped() throws IOException {
        List<String> bodies = new CopyOnWriteArrayList<>();
        List<String> paths = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            paths.add(exchange.getRequestURI().getPath());
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            SparkSession spark = traced(
                    "otel.exporter.otlp.endpoint", "http://127.0.0.1:" + collector.getAddress().getPort(),
                    "otel.resource.attributes", "k8s.namespace.name=team-a");
            works(spark);
            String application = spark.sparkContext().applicationId();
            spark.stop();
            String all = String.join("", bodies);
            for (String text : List.of("spark.sql", "spark.job", "spark.stage", "service.name", "team-a", application)) {
                assertTrue(all.contains(text), text);
            }
            assertEquals(List.of("/v1/traces"), paths.stream().distinct().toList());
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void withoutACollectorSparkWorksAndStopsSoon() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        SparkSession spark = traced("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + closed);
        works(spark);
        assertTrue(stopped(spark).toSeconds() < 15);
    }

    @Test
    void aCollectorThatNeverAnswersHoldsNobodyUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            SparkSession spark = traced("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + silent.getLocalPort());
            works(spark);
            assertTrue(stopped(spark).toSeconds() < 15);
        }
    }

    @Test
    void aWrongSettingCostsTheTracesAlone() {
        SparkSession spark = traced("otel.exporter.otlp.endpoint", "collector", "otel.traces.exporter", "carrier-pigeon");
        works(spark);
        spark.stop();
    }

    @Test
    void noThreadKeepsTheProcessAlive() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            SparkSession spark = traced(
                    "otel.exporter.otlp.endpoint", "http://127.0.0.1:" + silent.getLocalPort(), "otel.bsp.schedule.delay", "50");
            works(spark);
            silent.accept().close();
            List<String> lively = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !thread.isDaemon())
                    .map(Thread::getName)
                    .filter(name -> name.matches("(?i).*(batchspan|otlp|jdk|http|pool-[0-9]+).*"))
                    .toList();
            assertEquals(List.of(), lively);
            spark.stop();
        }
    }
}
