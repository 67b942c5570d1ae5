package sparkplatform.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * The SDK of OpenTelemetry with its own settings: those of the environment ({@code OTEL_EXPORTER_OTLP_ENDPOINT} …), and under them, by
 * the names of its system properties, those of Spark's under {@code spark.platform.tracing.}, for example
 * {@code spark.platform.tracing.otel.exporter.otlp.endpoint}. The service is called as the application unless it is said otherwise.
 */
final class Telemetry {
    static final String PREFIX = "spark.platform.tracing.";

    /** Says the same failure again and again, with a stack trace; {@link QuietExporter} says it once. Held here, as loggers are forgotten. */
    private static final Logger EXPORTERS = Logger.getLogger("io.opentelemetry.exporter");

    private final OpenTelemetrySdk sdk;

    private Telemetry(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    static Telemetry of(SparkConf conf, Map<String, String> environment, Consumer<String> say) {
        EXPORTERS.setLevel(Level.OFF);
        return new Telemetry(AutoConfiguredOpenTelemetrySdk.builder()
                // Spark's own stop comes first, and flushes.
                .disableShutdownHook()
                .addPropertiesSupplier(() -> properties(conf))
                .addResourceCustomizer((resource, config) -> pod(environment).merge(resource))
                .addSpanExporterCustomizer((exporter, config) -> new QuietExporter(exporter, say))
                .build()
                .getOpenTelemetrySdk());
    }

    Tracer tracer() {
        return sdk.getTracer("sparkplatform.tracing");
    }

    /** Sends what is left, as far as that goes in the time. */
    void close(Duration limit) {
        sdk.getSdkTracerProvider().shutdown().join(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    static Map<String, String> properties(SparkConf conf) {
        Map<String, String> found = new HashMap<>(Map.of(
                "otel.service.name", conf.get("spark.app.name", "spark"),
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none"));
        for (Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
            found.put(setting._1(), setting._2());
        }
        return found;
    }

    /** Kubernetes calls the host as the pod. */
    private static Resource pod(Map<String, String> environment) {
        String name = environment.getOrDefault("POD_NAME", environment.get("HOSTNAME"));
        return name == null ? Resource.empty() : Resource.create(Attributes.of(AttributeKey.stringKey("k8s.pod.name"), name));
    }
}
