package sparkplatform.recovery;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.LeaderElectable;
import org.apache.spark.deploy.master.LeaderElectionAgent;
import org.apache.spark.deploy.master.PersistenceEngine;
import org.apache.spark.deploy.master.StandaloneRecoveryModeFactory;
import org.apache.spark.serializer.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets several Standalone masters share their state in an object store, and elects one of them by a Kubernetes Lease.
 *
 * <p>Chosen by {@code spark.deploy.recoveryMode=CUSTOM} and {@code spark.deploy.recoveryMode.factory} with this class's name; see {@link
 * Settings} for what else it is told.
 */
public final class StandaloneRecoveryFactory extends StandaloneRecoveryModeFactory {
    private static final Logger log = LoggerFactory.getLogger(StandaloneRecoveryFactory.class);

    private final Settings settings;
    private final Configuration hadoop;
    private final Serializer serializer;
    private final Leadership leadership = new Leadership();

    public StandaloneRecoveryFactory(SparkConf conf, Serializer serializer) {
        super(conf, serializer);
        this.serializer = serializer;
        this.settings = Settings.of(conf::get);
        this.hadoop = hadoopConfiguration(conf);
    }

    @Override
    public PersistenceEngine createPersistenceEngine() {
        RecordStore store = openStore();
        return new RecoveryEngine(store, serializer.newInstance(), leadership, settings.writeTimeout(), StandaloneRecoveryFactory::end);
    }

    @Override
    public LeaderElectionAgent createLeaderElectionAgent(LeaderElectable master) {
        LeaseElection election = new LeaseElection(master, LeaseClient.inCluster(settings), leadership, settings, StandaloneRecoveryFactory::end);
        election.start();
        return election;
    }

    /** A master that could neither read nor write its records would look alive and be useless, so it says why and ends. */
    private RecordStore openStore() {
        try {
            FileSystem files = settings.directory().getFileSystem(hadoop);
            RecordStore store = new RecordStore(files, settings.directory(), org.apache.spark.package$.MODULE$.SPARK_VERSION());
            store.create();
            return store;
        } catch (IOException | IllegalArgumentException problem) {
            end("the directory of recovery records, " + settings.directory() + ", cannot be used: " + Text.of(problem));
            throw new IllegalStateException(problem);
        }
    }

    /** The master's main thread reads records and answers workers: it must not wait for a store that is gone for minutes. */
    private static Configuration hadoopConfiguration(SparkConf conf) {
        Configuration hadoop = new Configuration();
        hadoop.setIfUnset("fs.s3a.attempts.maximum", "3");
        hadoop.setIfUnset("fs.s3a.retry.limit", "3");
        hadoop.setIfUnset("fs.s3a.retry.interval", "500ms");
        hadoop.setIfUnset("fs.s3a.connection.establish.timeout", "5000");
        hadoop.setIfUnset("fs.s3a.connection.timeout", "10000");
        String prefix = "spark.hadoop.";
        for (scala.Tuple2<String, String> setting : conf.getAll()) {
            if (setting._1().startsWith(prefix)) {
                hadoop.set(setting._1().substring(prefix.length()), setting._2());
            }
        }
        return hadoop;
    }

    /** Shutdown hooks may wait for what has just failed, so none is run. */
    private static void end(String why) {
        log.error("Standalone recovery: {}. The master ends.", why);
        System.err.println("Standalone recovery: " + why + ". The master ends.");
        Runtime.getRuntime().halt(1);
    }
}
