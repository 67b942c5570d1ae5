package sparkplatform.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.deploy.master.PersistenceEngine;
import org.apache.spark.serializer.SerializerInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Writes the master's records in the order in which they were made.
 *
 * <p>The master waits for a record to be stored before it answers, so that nothing it promised is forgotten. It does not wait long:
 * while the store is away the cluster goes on, and what was not written is written when the store is back.
 */
final class RecoveryEngine extends PersistenceEngine {
    private static final Logger log = LoggerFactory.getLogger(RecoveryEngine.class);
    private static final Duration longestPause = Duration.ofSeconds(5);
    private static final Duration patienceOfReads = Duration.ofSeconds(30);
    private static final ClassTag<Object> anything = ClassTag$.MODULE$.apply(Object.class);

    private final RecordStore store;
    private final SerializerInstance serializer;
    private final Leadership leadership;
    private final Duration writeTimeout;
    private final Consumer<String> end;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(RecoveryEngine::daemon);

    RecoveryEngine(RecordStore store, SerializerInstance serializer, Leadership leadership, Duration writeTimeout, Consumer<String> end) {
        this.store = store;
        this.serializer = serializer;
        this.leadership = leadership;
        this.writeTimeout = writeTimeout;
        this.end = end;
    }

    @Override
    public void persist(String name, Object object) {
        ByteBuffer serialised = serializer.serialize(object, anything);
        byte[] payload = new byte[serialised.remaining()];
        serialised.get(payload);
        change("write " + name, () -> store.write(name, payload));
    }

    @Override
    public void unpersist(String name) {
        change("delete " + name, () -> store.delete(name));
    }

    /** A list: both the mutable and the immutable kind of sequence that the lines of Spark ask for. */
    @Override
    public <T> scala.collection.immutable.List<T> read(String prefix, ClassTag<T> type) {
        List<T> objects = new ArrayList<>();
        for (RecordStore.Named record : records(prefix)) {
            try {
                objects.add(serializer.deserialize(ByteBuffer.wrap(record.payload()), type));
            } catch (Exception | LinkageError problem) {
                // Scala declares no exceptions, so any kind may come.
                store.setAside(record.path(), "unreadable", "it cannot be deserialised: " + Text.of(problem));
            }
        }
        return Lists.scala(objects);
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }

    /** A leader that began without the records would forget running applications for good, so it tries for a while and then ends. */
    private List<RecordStore.Named> records(String prefix) {
        long giveUp = System.nanoTime() + patienceOfReads.toNanos();
        Duration pause = Duration.ofMillis(250);
        while (true) {
            try {
                return store.read(prefix);
            } catch (IOException problem) {
                if (System.nanoTime() - giveUp > 0 || !sleep(pause)) {
                    end.accept("the recovery records in " + store + " cannot be read: " + Text.of(problem));
                    return List.of();
                }
                log.warn("Standalone recovery: the records in {} cannot be read yet: {}", store, Text.of(problem));
                pause = longer(pause);
            }
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    private void change(String what, Change change) {
        CompletableFuture<Void> made = CompletableFuture.runAsync(() -> untilMade(what, change), writer);
        try {
            made.get(writeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            log.warn("Standalone recovery: {} in {} takes long; the master goes on, and a failover before it is made would miss it", what, store);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException problem) {
            throw new IllegalStateException(problem.getCause());
        }
    }

    /** Whoever is no longer the leader writes nothing, whatever it still has in its queue: the records are another's now. */
    private void untilMade(String what, Change change) {
        Duration pause = Duration.ofMillis(250);
        while (leadership.holds()) {
            try {
                change.make();
                return;
            } catch (IOException problem) {
                log.warn("Standalone recovery: cannot {} in {}, and tries again: {}", what, store, Text.of(problem));
            }
            if (!sleep(pause)) {
                return;
            }
            pause = longer(pause);
        }
        log.warn("Standalone recovery: did not {}, because this master is no longer the leader", what);
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
    }

    private static boolean sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "standalone-recovery-writer");
        thread.setDaemon(true);
        return thread;
    }
}
