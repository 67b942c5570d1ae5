package sparkplatform.tracing;

import org.apache.spark.sql.SparkSession;

/** Spark in this process, as small as it gets. */
final class LocalSpark {
    private LocalSpark() {}

    static SparkSession.Builder session() {
        return SparkSession.builder()
                .master("local[2]")
                .appName("tracing")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.adaptive.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2");
    }
}
