package sparkplatform.connect;

import java.io.OutputStream;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Console;

/** Work that leaves nothing behind but loaded classes. */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private WarmUp() {}

    /**
     * Has an aggregation, a join and a sort planned and compiled. Nothing runs: no job, no executor, and no line in the history. What
     * goes wrong is told and stops nobody: the first query would meet it again, and say so to who asked for it.
     */
    static void plan(SparkSession session) {
        long start = System.nanoTime();
        try {
            // Explaining is the public way to have a query planned that both lines share. It prints.
            Console.withOut(OutputStream.nullOutputStream(), () -> {
                explain(session.newSession(), true);
                explain(session.newSession(), false);
                return null;
            });
            LOG.info("a query was planned in {} ms, which the first user need not wait for", (System.nanoTime() - start) / 1_000_000);
        } catch (Exception | LinkageError problem) {
            LOG.warn("no query could be planned before the start of the server", problem);
        }
    }

    /** Adaptive plans are compiled when they run; the others when they are explained. */
    private static void explain(SparkSession session, boolean adaptive) {
        session.conf().set("spark.sql.adaptive.enabled", adaptive);
        // To compile a join with a broadcast Spark runs a job that collects it.
        session.conf().set("spark.sql.autoBroadcastJoinThreshold", -1);
        var numbers = session.range(0, 10, 1, 2).selectExpr("id", "id % 3 AS remainder", "cast(id AS string) AS name");
        numbers.groupBy("remainder").count().join(numbers, "remainder").orderBy("name").explain("codegen");
    }
}
