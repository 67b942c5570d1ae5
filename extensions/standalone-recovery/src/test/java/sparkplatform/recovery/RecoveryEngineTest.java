package sparkplatform.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag$;

class RecoveryEngineTest {
    /** A store that may be away. */
    static final class Store extends FilterFileSystem {
        volatile boolean isAway;
        volatile int deletions;

        Store() throws IOException {
            super(new RawLocalFileSystem());
            fs.initialize(java.net.URI.create("file:///"), new Configuration(false));
        }

        @Override
        public FSDataOutputStream create(org.apache.hadoop.fs.Path path, boolean overwrite) throws IOException {
            answer();
            return fs.create(path, overwrite);
        }

        @Override
        public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
            answer();
            boolean isDeleted = fs.delete(path, recursive);
            deletions++;
            return isDeleted;
        }

        @Override
        public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
            answer();
            return fs.listStatus(path);
        }

        private void answer() throws IOException {
            if (isAway) {
                throw new IOException("the store is away");
            }
        }
    }

    @TempDir
    Path directory;

    private final Leadership leadership = new Leadership();
    private final List<String> ends = new ArrayList<>();
    private Store files;
    private RecoveryEngine engine;

    @BeforeEach
    void open() throws IOException {
        files = new Store();
        leadership.renew(System.nanoTime(), Duration.ofMinutes(1));
        engine = engine("4.1.0");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private RecoveryEngine engine(String sparkVersion) throws IOException {
        RecordStore store = new RecordStore(files, new org.apache.hadoop.fs.Path(directory.toUri()), sparkVersion);
        store.create();
        return new RecoveryEngine(store, new JavaSerializer(new SparkConf(false)).newInstance(), leadership, Duration.ofMillis(300), ends::add);
    }

    private static List<String> read(RecoveryEngine engine, String prefix) {
        List<String> found = new ArrayList<>();
        scala.collection.Iterator<String> records = engine.read(prefix, ClassTag$.MODULE$.<String>apply(String.class)).iterator();
        while (records.hasNext()) {
            found.add(records.next());
        }
        return found;
    }

    private TreeSet<String> stored() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> directory.relativize(path).toString().replaceAll("\\.[0-9]+$", ".#"))
                    .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
        }
    }

    @Test
    void readsWhatItWroteByKind() {
        engine.persist("app_1", "first");
        engine.persist("app_2", "second");
        engine.persist("worker_1", "worker");
        assertEquals(List.of("first", "second"), read(engine, "app_"));
        assertEquals(List.of("worker"), read(engine, "worker_"));
        assertEquals(List.of(), read(engine, "driver_"));
    }

    @Test
    void forgetsWhatItIsTold() throws IOException {
        engine.persist("app_1", "first");
        engine.unpersist("app_1");
        engine.unpersist("app_1");
        assertEquals(List.of(), read(engine, "app_"));
        assertEquals(new TreeSet<>(), stored());
    }

    @Test
    void keepsTheLastOfTwoRecordsOfOneName() {
        engine.persist("app_1", "first");
        engine.persist("app_1", "second");
        assertEquals(List.of("second"), read(engine, "app_"));
    }

    @Test
    void takesNamesThatAreNoPaths() {
        engine.persist("worker_worker-20251121-[fd00::1]-7078", "six");
        assertEquals(List.of("six"), read(engine, "worker_"));
        engine.unpersist("worker_worker-20251121-[fd00::1]-7078");
        assertEquals(List.of(), read(engine, "worker_"));
    }

    @Test
    void readsWhatAnotherMasterOfTheSameVersionWrote() throws IOException {
        engine.persist("app_1", "first");
        assertEquals(List.of("first"), read(engine("4.1.0"), "app_"));
    }

    @Test
    void setsRecordsOfAnotherVersionAsideAndGoesOn() throws IOException {
        engine("3.5.7").persist("app_old", "old");
        engine.persist("app_new", "new");
        assertEquals(List.of("new"), read(engine, "app_"));
        assertEquals(new TreeSet<>(List.of("app_new", "set-aside/spark-3.5.7/app_old.#")), stored());
    }

    @Test
    void survivesHalfWrittenRecords() throws IOException {
        engine.persist("app_1", "whole");
        engine.persist("app_2", "half");
        byte[] half = Files.readAllBytes(directory.resolve("app_2"));
        Files.write(directory.resolve("app_2"), java.util.Arrays.copyOf(half, half.length - 3));
        Files.write(directory.resolve("app_3"), new byte[0]);
        assertEquals(List.of("whole"), read(engine, "app_"));
        assertEquals(new TreeSet<>(List.of("app_1", "set-aside/damaged/app_2.#", "set-aside/damaged/app_3.#")), stored());
    }

    @Test
    void survivesRecordsThatAreWholeAndCannotBeDeserialised() throws IOException {
        Files.write(directory.resolve("app_1"), new StoredRecord("4.1.0", new byte[] {1, 2, 3}).encode());
        engine.persist("app_2", "good");
        assertEquals(List.of("good"), read(engine, "app_"));
        assertEquals(new TreeSet<>(List.of("app_2", "set-aside/unreadable/app_1.#")), stored());
    }

    @Test
    void goesOnWithoutTheStoreAndWritesInOrderWhenItIsBack() throws Exception {
        files.isAway = true;
        assertTimeout(Duration.ofSeconds(2), () -> {
            engine.persist("app_1", "first");
            engine.persist("app_1", "second");
            engine.unpersist("app_0");
        });
        files.isAway = false;
        // The last of the three: a record that is being written would be found damaged.
        for (int i = 0; i < 100 && files.deletions < 1; i++) {
            Thread.sleep(50);
        }
        assertEquals(List.of("second"), read(engine, "app_"));
    }

    @Test
    void waitsForTheStoreWhenItReads() {
        engine.persist("app_1", "first");
        files.isAway = true;
        Thread back = new Thread(() -> {
            try {
                Thread.sleep(600);
            } catch (InterruptedException ignored) {
                Thread.currentThread().interrupt();
            }
            files.isAway = false;
        });
        back.start();
        assertEquals(List.of("first"), read(engine, "app_"));
        assertEquals(List.of(), ends);
    }

    @Test
    void writesNothingWhenItDoesNotLead() throws IOException {
        engine.persist("app_1", "first");
        leadership.end();
        engine.persist("app_2", "second");
        engine.unpersist("app_1");
        assertEquals(new TreeSet<>(List.of("app_1")), stored());
    }

    @Test
    void writesNothingWhenItsTimeIsOver() throws Exception {
        leadership.renew(System.nanoTime(), Duration.ofMillis(50));
        Thread.sleep(60);
        engine.persist("app_1", "late");
        assertTrue(leadership.isOverdue());
        assertEquals(new TreeSet<>(), stored());
    }

    @Test
    void saysWhatIsWrongWithItsDirectory() throws Exception {
        Files.write(directory.resolve("file"), new byte[0]);
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(directory.resolve("file").toUri());
        RecordStore store = new RecordStore((FileSystem) files, file, "4.1.0");
        IOException problem = org.junit.jupiter.api.Assertions.assertThrows(IOException.class, store::create);
        assertTrue(Text.of(problem).contains("file"), Text.of(problem));
    }
}
