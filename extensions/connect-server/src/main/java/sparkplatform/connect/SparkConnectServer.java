package sparkplatform.connect;

import java.lang.reflect.InvocationTargetException;
import org.apache.spark.sql.SparkSession;

/**
 * Spark's own Connect server, which plans a query before it listens. The first query of a JVM loads thousands of classes to be planned
 * and compiled, some two seconds' worth: they pass before the server is ready and not while its first user waits.
 */
public final class SparkConnectServer {
    /** By its name, so that nothing but SQL is needed to compile this. */
    private static final String SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer";

    private SparkConnectServer() {}

    /** Arguments and life are those of Spark's server, which finds the session that is made here. */
    public static void main(String[] arguments) throws Throwable {
        WarmUp.plan(SparkSession.builder().getOrCreate());
        try {
            Class.forName(SERVER).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException problem) {
            throw problem.getCause();
        }
    }
}
