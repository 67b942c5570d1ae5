package sparkplatform.recovery;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.spark.deploy.master.LeaderElectable;
import org.apache.spark.deploy.master.LeaderElectionAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects a leader by a Kubernetes Lease, which the leader renews.
 *
 * <p>No two masters lead at a time. A leader counts its term from before it sent its last renewal that was accepted, and gives up
 * after the renew deadline. Another counts from when it saw that renewal, which is later, and waits for the whole duration, which is
 * longer. Neither looks at the times that are written in the Lease.
 */
final class LeaseElection implements LeaderElectionAgent {
    private static final Logger log = LoggerFactory.getLogger(LeaseElection.class);

    private final LeaderElectable master;
    private final LeaseClient client;
    private final Leadership leadership;
    private final Settings settings;
    private final Consumer<String> end;
    // Two threads: the one that talks to the API server may hang, and the other must notice.
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, LeaseElection::daemon);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicBoolean leads = new AtomicBoolean();

    /** The Lease as last seen, and when it was first seen so. Used by the talking thread alone. */
    private Lease seen = Lease.absent;
    private long seenAt = System.nanoTime();
    private String lastProblem = "";

    LeaseElection(LeaderElectable master, LeaseClient client, Leadership leadership, Settings settings, Consumer<String> end) {
        this.master = master;
        this.client = client;
        this.leadership = leadership;
        this.settings = settings;
        this.end = end;
    }

    void start() {
        long period = settings.retryPeriod().toMillis();
        threads.scheduleWithFixedDelay(this::look, 0, period, TimeUnit.MILLISECONDS);
        threads.scheduleWithFixedDelay(this::watch, 0, 100, TimeUnit.MILLISECONDS);
    }

    @Override
    public LeaderElectable masterInstance() {
        return master;
    }

    /**
     * Leaves the Lease to end by itself. Workers that lose a master at once ask all others to take them; one that had just begun to
     * recover would do so, without asking what runs on them, and start every executor anew. One that stands by sends them away.
     */
    @Override
    public void stop() {
        stopped.set(true);
        leadership.end();
        threads.shutdownNow();
    }

    private void look() {
        try {
            observe(client.get());
            if (seen.holder().equals(settings.identity()) || seen.holder().isEmpty() || isExpired()) {
                take();
            }
            lastProblem = "";
        } catch (IOException | RuntimeException problem) {
            report("the Lease " + settings.leaseName() + " cannot be read or changed: " + Text.of(problem));
        }
    }

    private void observe(Lease lease) {
        if (!lease.equals(seen)) {
            seen = lease;
            seenAt = System.nanoTime();
        }
    }

    private boolean isExpired() {
        Duration term = seen.duration().compareTo(settings.leaseDuration()) > 0 ? seen.duration() : settings.leaseDuration();
        return System.nanoTime() - seenAt > term.toNanos();
    }

    private void take() throws IOException {
        long since = System.nanoTime();
        observe(client.put(seen.takenBy(settings.identity(), settings.leaseDuration())));
        synchronized (this) {
            // Between the request and now the time may have run out, and then this master is about to end.
            if (stopped.get() || leadership.isOverdue()) {
                return;
            }
            leadership.renew(since, settings.renewDeadline());
        }
        if (!leads.getAndSet(true)) {
            log.info("Standalone recovery: {} leads from now on (Lease {}, {} changes of leader)", settings.identity(), settings.leaseName(), seen.transitions());
            master.electedLeader();
        }
    }

    private void watch() {
        synchronized (this) {
            if (!leadership.isOverdue()) {
                return;
            }
            leadership.end();
            stopped.set(true);
        }
        log.error("Standalone recovery: the Lease {} could not be renewed for {} seconds, so another master will lead", settings.leaseName(),
                settings.renewDeadline().toSeconds());
        threads.schedule(() -> end.accept("the master did not end by itself after it had lost its leadership"), settings.grace().toMillis(),
                TimeUnit.MILLISECONDS);
        master.revokedLeadership();
    }

    /** A problem that stays is said once. */
    private void report(String problem) {
        if (!problem.equals(lastProblem)) {
            log.warn("Standalone recovery: {}", problem);
            lastProblem = problem;
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "standalone-recovery-election");
        thread.setDaemon(true);
        return thread;
    }
}
