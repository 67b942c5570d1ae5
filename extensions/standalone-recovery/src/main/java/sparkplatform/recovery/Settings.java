package sparkplatform.recovery;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.apache.hadoop.fs.Path;

/**
 * What the recovery is told, all under {@code spark.platform.recovery.}:
 *
 * <ul>
 *   <li>{@code directory}: where records are kept, for example {@code s3a://bucket/recovery/main}. Required.
 *   <li>{@code lease.name}: the Lease that the masters of one cluster share. Required.
 *   <li>{@code lease.namespace}: its namespace. Required.
 *   <li>{@code lease.durationSeconds}: time after its last renewal when another master may take the Lease. Default: 10.
 *   <li>{@code lease.renewDeadlineSeconds}: time after its last renewal when a leader gives up; less than the duration. Default: 7.
 *   <li>{@code lease.retrySeconds}: time between two looks at the Lease. Default: 1.
 *   <li>{@code writeTimeoutSeconds}: longest wait of the master for one record; a slower store is written to later. Default: 5.
 * </ul>
 */
record Settings(
        Path directory,
        String leaseName,
        String namespace,
        Duration leaseDuration,
        Duration renewDeadline,
        Duration retryPeriod,
        Duration writeTimeout,
        String identity) {

    static final String PREFIX = "spark.platform.recovery.";

    /** Time that a master that lost its leadership has to end by itself. */
    Duration grace() {
        return leaseDuration.minus(renewDeadline).dividedBy(2);
    }

    static Settings of(BiFunction<String, String, String> conf) {
        return of(conf, System.getenv());
    }

    static Settings of(BiFunction<String, String, String> conf, Map<String, String> environment) {
        Settings settings = new Settings(
                new Path(required(conf, "directory")),
                required(conf, "lease.name"),
                required(conf, "lease.namespace"),
                seconds(conf, "lease.durationSeconds", 10),
                seconds(conf, "lease.renewDeadlineSeconds", 7),
                seconds(conf, "lease.retrySeconds", 1),
                seconds(conf, "writeTimeoutSeconds", 5),
                identity(environment));
        check(settings.renewDeadline.compareTo(settings.leaseDuration) < 0, "lease.renewDeadlineSeconds", "less than lease.durationSeconds");
        check(settings.retryPeriod.multipliedBy(2).compareTo(settings.renewDeadline) <= 0, "lease.retrySeconds", "at most half of lease.renewDeadlineSeconds");
        return settings;
    }

    /**
     * One name a pod: a container that starts again in its pod is still the same leader, because its earlier life has ended. A pod
     * that was made anew is another, since the old one may still run on a node that nobody can reach.
     */
    private static String identity(Map<String, String> environment) {
        String pod = environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", "master"));
        return pod + "_" + environment.getOrDefault("POD_UID", UUID.randomUUID().toString());
    }

    private static String required(BiFunction<String, String, String> conf, String key) {
        String value = conf.apply(PREFIX + key, "");
        check(!value.isEmpty(), key, "a value");
        return value;
    }

    private static Duration seconds(BiFunction<String, String, String> conf, String key, int fallback) {
        String value = conf.apply(PREFIX + key, String.valueOf(fallback));
        check(value.matches("[1-9][0-9]{0,5}"), key, "a whole number of seconds from 1, found \"" + value + "\"");
        return Duration.ofSeconds(Long.parseLong(value));
    }

    private static void check(boolean holds, String key, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(PREFIX + key + ": expected " + expected);
        }
    }
}
