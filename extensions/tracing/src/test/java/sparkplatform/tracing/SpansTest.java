package sparkplatform.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real Spark does, as spans. */
class SpansTest {
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private SparkSession spark;

    @BeforeEach
    void start() {
        spark = LocalSpark.session().getOrCreate();
        SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
        spark.sparkContext().addSparkListener(new TracingListener(new Spans(provider.get("test"))));
    }

    @AfterEach
    void stop() {
        spark.stop();
    }

    /** All spans, after Spark has told of everything. */
    private List<SpanData> spans() {
        spark.stop();
        return exporter.getFinishedSpanItems();
    }

    private static List<SpanData> named(String name, List<SpanData> spans) {
        return spans.stream().filter(span -> span.getName().equals(name)).toList();
    }

    private static long number(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.longKey(attribute));
    }

    private static String text(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.stringKey(attribute));
    }

    private static boolean isRoot(SpanData span) {
        return span.getParentSpanId().equals(SpanId.getInvalid());
    }

    @Test
    void aQueryIsOneTraceOfItsJobsAndStages() {
        spark.sparkContext().setJobDescription("sums by remainder");
        spark.range(0, 1000, 1, 2).selectExpr("id % 7 AS remainder").groupBy("remainder").count().collectAsList();
        List<SpanData> spans = spans();

        List<SpanData> queries = named("spark.sql", spans);
        assertEquals(1, queries.size());
        SpanData query = queries.get(0);
        assertTrue(isRoot(query));
        assertEquals("sums by remainder", text(query, "spark.sql.description"));

        List<SpanData> jobs = named("spark.job", spans);
        assertFalse(jobs.isEmpty());
        jobs.forEach(job -> assertEquals(query.getSpanId(), job.getParentSpanId()));
        List<String> jobIds = jobs.stream().map(SpanData::getSpanId).toList();
        List<SpanData> stages = named("spark.stage", spans);
        assertEquals(2, stages.size());
        stages.forEach(stage -> assertTrue(jobIds.contains(stage.getParentSpanId())));
        assertEquals(1, spans.stream().map(SpanData::getTraceId).distinct().count());
        spans.forEach(span -> assertEquals(StatusCode.UNSET, span.getStatus().getStatusCode()));
    }

    @Test
    void aStageTellsWhatItMoved() {
        spark.range(0, 1000, 1, 2).selectExpr("id % 7 AS remainder").groupBy("remainder").count().collectAsList();
        List<SpanData> stages = named("spark.stage", spans());

        SpanData first = stages.get(0);
        SpanData second = stages.get(1);
        assertEquals(2, number(first, "spark.stage.tasks"));
        assertTrue(number(first, "spark.stage.executor_run_time_ms") > 0);
        assertTrue(number(first, "spark.stage.shuffle_write_bytes") > 0);
        assertEquals(number(first, "spark.stage.shuffle_write_bytes"), number(second, "spark.stage.shuffle_read_bytes"));
        assertTrue(first.getStartEpochNanos() <= first.getEndEpochNanos());
        assertTrue(first.getEndEpochNanos() <= second.getEndEpochNanos());
    }

    @Test
    void whatFailedSaysWhy() {
        MapFunction<Long, Long> broken = value -> {
            throw new IllegalStateException("no such number");
        };
        var query = spark.range(3).map(broken, Encoders.LONG());
        assertThrows(Exception.class, query::collectAsList);
        List<SpanData> spans = spans();

        assertFalse(named("spark.sql", spans).isEmpty());
        assertFalse(named("spark.job", spans).isEmpty());
        assertFalse(named("spark.stage", spans).isEmpty());
        for (SpanData span : spans) {
            assertEquals(StatusCode.ERROR, span.getStatus().getStatusCode(), span.getName());
            assertTrue(span.getStatus().getDescription().contains("no such number"), span.getStatus().getDescription());
            assertTrue(span.getStatus().getDescription().length() <= 1001);
        }
    }

    @Test
    void aJobWithoutSqlIsATraceOfItsOwn() {
        new JavaSparkContext(spark.sparkContext()).parallelize(List.of(1, 2, 3), 3).count();
        List<SpanData> spans = spans();

        assertTrue(named("spark.sql", spans).isEmpty());
        List<SpanData> jobs = named("spark.job", spans);
        assertEquals(1, jobs.size());
        assertTrue(isRoot(jobs.get(0)));
        assertEquals(jobs.get(0).getSpanId(), named("spark.stage", spans).get(0).getParentSpanId());
    }
}
