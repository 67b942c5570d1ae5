package sparkplatform.recovery;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in a directory of a Hadoop file system, one object each.
 *
 * <p>An object store shows an object when all of it is there. What cannot be used is moved out of the way and stays: it may be the
 * only trace of what went wrong.
 */
final class RecordStore {
    private static final Logger log = LoggerFactory.getLogger(RecordStore.class);

    /** A record that can be used, and what it is called. */
    record Named(String name, Path path, byte[] payload) {}

    private final FileSystem files;
    private final Path directory;
    private final Path setAside;
    private final String sparkVersion;

    RecordStore(FileSystem files, Path directory, String sparkVersion) {
        this.files = files;
        this.directory = directory;
        this.setAside = new Path(directory, "set-aside");
        this.sparkVersion = sparkVersion;
    }

    void create() throws IOException {
        if (!files.mkdirs(directory)) {
            throw new IOException("it cannot be made");
        }
        files.listStatus(directory);
    }

    void write(String name, byte[] payload) throws IOException {
        byte[] record = new StoredRecord(sparkVersion, payload).encode();
        try (OutputStream out = files.create(pathOf(name), true)) {
            out.write(record);
        }
    }

    void delete(String name) throws IOException {
        files.delete(pathOf(name), false);
    }

    /** The usable records whose names begin like this, oldest name first. */
    List<Named> read(String prefix) throws IOException {
        List<Named> records = new ArrayList<>();
        FileStatus[] found = files.listStatus(directory);
        Arrays.sort(found, Comparator.comparing(FileStatus::getPath));
        for (FileStatus status : found) {
            String name = status.getPath().getName();
            if (status.isFile() && name.startsWith(prefix)) {
                readOne(name, status.getPath(), records);
            }
        }
        return records;
    }

    private void readOne(String name, Path path, List<Named> records) throws IOException {
        try {
            StoredRecord record = StoredRecord.decode(bytesOf(path));
            if (record.sparkVersion().equals(sparkVersion)) {
                records.add(new Named(name, path, record.payload()));
            } else {
                setAside(path, "spark-" + record.sparkVersion(), "it is of Spark " + record.sparkVersion() + ", and this is " + sparkVersion);
            }
        } catch (StoredRecord.DamagedException damaged) {
            setAside(path, "damaged", damaged.getMessage());
        } catch (FileNotFoundException gone) {
            log.info("Standalone recovery: {} went while the directory was read", path);
        }
    }

    private byte[] bytesOf(Path path) throws IOException {
        try (InputStream in = files.open(path)) {
            return in.readAllBytes();
        }
    }

    /** Moves a record out of the way. A store that cannot do even that has the record read, and reported, again. */
    void setAside(Path path, String kind, String why) {
        Path target = new Path(new Path(setAside, kind), path.getName() + "." + System.currentTimeMillis());
        log.warn("Standalone recovery: {} is not used, because {}; it is kept as {}", path, why, target);
        try {
            files.mkdirs(target.getParent());
            if (!files.rename(path, target)) {
                log.warn("Standalone recovery: {} could not be moved", path);
            }
        } catch (IOException problem) {
            log.warn("Standalone recovery: {} could not be moved: {}", path, Text.of(problem));
        }
    }

    /** Ids of workers may have the brackets and colons of an IPv6 address, which are no part of a path. */
    private Path pathOf(String name) {
        return new Path(directory, URLEncoder.encode(name, StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
