package sparkplatform.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.metrics.source.CodegenMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private SparkSession session;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        session = SparkSession.builder()
                .master("local[2]")
                .appName("warm-up")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        session.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart event) {
                seen.add("job");
            }

            @Override
            public void onOtherEvent(SparkListenerEvent event) {
                seen.add(event.getClass().getSimpleName());
            }
        });
    }

    @AfterEach
    void stop() {
        session.stop();
    }

    @Test
    void compilesAndLeavesNoTrace() throws InterruptedException {
        long compiled = CodegenMetrics.METRIC_COMPILATION_TIME().getCount();
        var printed = new ByteArrayOutputStream();
        var out = System.out;
        System.setOut(new PrintStream(printed));
        try {
            WarmUp.plan(session);
        } finally {
            System.setOut(out);
        }
        assertTrue(CodegenMetrics.METRIC_COMPILATION_TIME().getCount() > compiled, "something was compiled");
        assertEquals("", printed.toString(), "nothing is printed");

        // The listener would hear of the warm-up before it hears of this.
        session.range(3).count();
        for (int i = 0; i < 100 && !seen.contains("SparkListenerSQLExecutionEnd"); i++) {
            Thread.sleep(100);
        }
        assertEquals(1, seen.stream().filter("SparkListenerSQLExecutionStart"::equals).count(), seen.toString());
        assertTrue(seen.indexOf("job") > seen.indexOf("SparkListenerSQLExecutionStart"), seen.toString());
    }

    @Test
    void aFailureStopsNobody() {
        session.stop();
        WarmUp.plan(session);
    }
}
