package sparkplatform.tracing;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerApplicationStart;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an OpenTelemetry collector what a driver does: a span for each SQL execution, each job and each stage. Spark makes it, by the
 * name of this class in {@code spark.extraListeners}; see {@link Telemetry} for its settings.
 *
 * <p>Nothing that goes wrong here may reach the application: a collector that is away, a wrong setting, a defect. It costs the traces.
 */
public final class TracingListener extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger(TracingListener.class);

    /** Time that the last spans have to get away; pods have some ten seconds to stop. */
    private static final Duration FLUSH = Duration.ofSeconds(5);

    private Telemetry telemetry;
    private Spans spans;

    public TracingListener(SparkConf conf) {
        try {
            telemetry = Telemetry.of(conf, System.getenv(), LOG::warn);
            spans = new Spans(telemetry.tracer());
        } catch (Exception | LinkageError problem) {
            giveUp(problem);
        }
    }

    /** Spans that somebody else sends. */
    TracingListener(Spans spans) {
        this.spans = spans;
    }

    @Override
    public void onApplicationStart(SparkListenerApplicationStart event) {
        safely(to -> to.applicationStarted(event));
    }

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        safely(to -> to.jobStarted(event));
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd event) {
        safely(to -> to.jobEnded(event));
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        safely(to -> to.stageStarted(event.stageInfo()));
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        safely(to -> to.stageEnded(event.stageInfo()));
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof SparkListenerSQLExecutionStart start) {
            safely(to -> to.executionStarted(start));
        } else if (event instanceof SparkListenerSQLExecutionEnd end) {
            safely(to -> to.executionEnded(end));
        }
    }

    /** The last event of all; Spark waits for it when it stops, also after a SIGTERM. */
    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd event) {
        safely(to -> {
            to.applicationEnded(event);
            if (telemetry != null) {
                telemetry.close(FLUSH);
            }
        });
        spans = null;
    }

    private void safely(Consumer<Spans> work) {
        if (spans == null) {
            return;
        }
        try {
            work.accept(spans);
        } catch (RuntimeException | LinkageError problem) {
            giveUp(problem);
        }
    }

    private void giveUp(Throwable problem) {
        spans = null;
        LOG.warn("There are no traces of this application: {}", problem.toString());
    }
}
