package sparkplatform.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Says once that spans do not arrive, and once that they do again. */
final class QuietExporter implements SpanExporter {
    private final SpanExporter exporter;
    private final Consumer<String> say;
    private final AtomicBoolean failing = new AtomicBoolean();

    QuietExporter(SpanExporter exporter, Consumer<String> say) {
        this.exporter = exporter;
        this.say = say;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> judge(result));
    }

    private void judge(CompletableResultCode result) {
        if (failing.getAndSet(!result.isSuccess()) == result.isSuccess()) {
            say.accept(result.isSuccess() ? "Traces arrive again" : "Traces are lost until the collector answers: " + reason(result));
        }
    }

    private String reason(CompletableResultCode result) {
        Throwable failure = result.getFailureThrowable();
        return (failure == null ? "it refused them" : failure.toString()) + "; " + exporter;
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
