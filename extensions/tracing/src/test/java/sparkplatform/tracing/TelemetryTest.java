package sparkplatform.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    @Test
    void settingsAreSparksUnderOneName() {
        SparkConf conf = new SparkConf(false)
                .set("spark.app.name", "orders")
                .set(Telemetry.PREFIX + "otel.traces.sampler.arg", "0.1")
                .set("spark.sql.shuffle.partitions", "7");
        assertEquals(
                Map.of(
                        "otel.service.name", "orders",
                        "otel.traces.sampler.arg", "0.1",
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none"),
                Telemetry.properties(conf));
    }

    @Test
    void aServiceCanHaveAnotherNameThanItsApplication() {
        SparkConf conf = new SparkConf(false).set("spark.app.name", "orders-0").set(Telemetry.PREFIX + "otel.service.name", "orders");
        assertEquals("orders", Telemetry.properties(conf).get("otel.service.name"));
    }

    @Test
    void losingTracesIsSaidOnceAndRecoveryToo() {
        List<String> said = new ArrayList<>();
        List<CompletableResultCode> results = new ArrayList<>();
        SpanExporter delegate = new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                return results.remove(0);
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public String toString() {
                return "collector";
            }
        };
        CompletableResultCode[] answers = {
            CompletableResultCode.ofSuccess(),
            CompletableResultCode.ofExceptionalFailure(new IllegalStateException("away")),
            CompletableResultCode.ofFailure(),
            CompletableResultCode.ofSuccess(),
            CompletableResultCode.ofSuccess(),
        };
        QuietExporter exporter = new QuietExporter(delegate, said::add);
        for (CompletableResultCode answer : answers) {
            results.add(answer);
            exporter.export(List.of());
        }
        assertEquals(
                List.of("Traces are lost until the collector answers: java.lang.IllegalStateException: away; collector", "Traces arrive again"),
                said);
    }
}
