package sparkplatform.tracing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.JobFailed;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerApplicationStart;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import scala.Option;

/**
 * Spark's events as spans: {@code spark.sql} over {@code spark.job} over {@code spark.stage}. What no SQL execution asked for begins a
 * trace of its own. Names are the same for all, as collectors count by them; what it is in particular say the attributes.
 *
 * <p>Spark calls from one thread. Only what is not over yet is kept.
 */
final class Spans {
    /** Longer texts, plans above all, are cut. */
    private static final int LONGEST_TEXT = 1000;

    private final Tracer tracer;
    private final Map<Long, Span> executions = new HashMap<>();
    private final Map<Integer, Span> jobs = new HashMap<>();
    private final Map<StageAttempt, Span> stages = new HashMap<>();
    /** A stage that several jobs need belongs to the first. */
    private final Map<Integer, Integer> jobOfStage = new HashMap<>();

    private String application = "";
    private String applicationName = "";

    private record StageAttempt(int stage, int attempt) {
        static StageAttempt of(StageInfo info) {
            return new StageAttempt(info.stageId(), info.attemptNumber());
        }
    }

    Spans(Tracer tracer) {
        this.tracer = tracer;
    }

    void applicationStarted(SparkListenerApplicationStart event) {
        application = or(event.appId(), "");
        applicationName = event.appName();
    }

    void executionStarted(SparkListenerSQLExecutionStart event) {
        long root = or(event.rootExecutionId(), event.executionId());
        SpanBuilder span = begun("spark.sql", event.time(), executions.get(root))
                .setAttribute("spark.sql.execution.id", event.executionId());
        executions.put(event.executionId(), with(span, "spark.sql.description", event.description()).startSpan());
    }

    void executionEnded(SparkListenerSQLExecutionEnd event) {
        // An empty text means that nothing went wrong.
        ended(executions.remove(event.executionId()), or(event.errorMessage(), ""), event.time());
    }

    void jobStarted(SparkListenerJobStart event) {
        Properties given = event.properties() == null ? new Properties() : event.properties();
        String execution = given.getProperty("spark.sql.execution.id");
        Span parent = execution == null ? null : executions.get(Long.valueOf(execution));
        SpanBuilder span = begun("spark.job", event.time(), parent).setAttribute("spark.job.id", event.jobId());
        with(span, "spark.job.description", given.getProperty("spark.job.description"));
        with(span, "spark.job.group", given.getProperty("spark.jobGroup.id"));
        with(span, "spark.job.tags", given.getProperty("spark.job.tags"));
        jobs.put(event.jobId(), span.startSpan());
        for (scala.collection.Iterator<StageInfo> infos = event.stageInfos().iterator(); infos.hasNext(); ) {
            jobOfStage.putIfAbsent(infos.next().stageId(), event.jobId());
        }
    }

    void jobEnded(SparkListenerJobEnd event) {
        String failure = event.jobResult() instanceof JobFailed failed ? String.valueOf(failed.exception().getMessage()) : "";
        ended(jobs.remove(event.jobId()), failure, event.time());
        jobOfStage.values().removeIf(job -> job == event.jobId());
    }

    void stageStarted(StageInfo info) {
        SpanBuilder span = begun("spark.stage", timeOf(info.submissionTime()), jobs.get(jobOfStage.get(info.stageId())))
                .setAttribute("spark.stage.id", info.stageId())
                .setAttribute("spark.stage.attempt", info.attemptNumber())
                .setAttribute("spark.stage.tasks", info.numTasks());
        stages.put(StageAttempt.of(info), with(span, "spark.stage.name", info.name()).startSpan());
    }

    void stageEnded(StageInfo info) {
        Span span = stages.remove(StageAttempt.of(info));
        if (span != null && info.taskMetrics() != null) {
            measured(span, info.taskMetrics());
        }
        ended(span, or(info.failureReason(), ""), timeOf(info.completionTime()));
    }

    /** What is still at work is cut off, children first. */
    void applicationEnded(SparkListenerApplicationEnd event) {
        for (Map<?, Span> open : List.of(stages, jobs, executions)) {
            open.values().forEach(span -> ended(span, "the application ended first", event.time()));
            open.clear();
        }
    }

    private SpanBuilder begun(String name, long time, Span parent) {
        SpanBuilder span = tracer.spanBuilder(name).setStartTimestamp(time, MILLISECONDS);
        span.setParent(parent == null ? Context.root() : Context.root().with(parent));
        return with(with(span, "spark.app.id", application), "spark.app.name", applicationName);
    }

    private static void ended(Span span, String failure, long time) {
        if (span == null) {
            return;
        }
        if (!failure.isEmpty()) {
            span.setStatus(StatusCode.ERROR, cut(failure));
        }
        span.end(time, MILLISECONDS);
    }

    private static void measured(Span span, TaskMetrics metrics) {
        span.setAttribute("spark.stage.executor_run_time_ms", metrics.executorRunTime())
                .setAttribute("spark.stage.executor_cpu_time_ms", metrics.executorCpuTime() / 1_000_000)
                .setAttribute("spark.stage.gc_time_ms", metrics.jvmGCTime())
                .setAttribute("spark.stage.input_bytes", metrics.inputMetrics().bytesRead())
                .setAttribute("spark.stage.output_bytes", metrics.outputMetrics().bytesWritten())
                .setAttribute("spark.stage.shuffle_read_bytes", metrics.shuffleReadMetrics().totalBytesRead())
                .setAttribute("spark.stage.shuffle_write_bytes", metrics.shuffleWriteMetrics().bytesWritten())
                .setAttribute("spark.stage.spilled_bytes", metrics.diskBytesSpilled());
    }

    private static SpanBuilder with(SpanBuilder span, String attribute, String text) {
        return text == null || text.isEmpty() ? span : span.setAttribute(attribute, cut(text));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** Spark's own clock; a stage that was never submitted has none. */
    private static long timeOf(Option<Object> time) {
        return or(time, System.currentTimeMillis());
    }

    @SuppressWarnings("unchecked")
    private static <T> T or(Option<?> found, T otherwise) {
        return found.isDefined() ? (T) found.get() : otherwise;
    }
}
