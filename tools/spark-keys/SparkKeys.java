import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists the configuration keys of one version of Spark, one a line, as "kind key": run with Spark's jars as class path and their
 * folder as argument.
 *
 * "entry" is a key that Spark registers (ConfigEntry), "word" a text of the form of a key in Spark's compiled code (some settings
 * are registered nowhere), "s3a" a setting of Hadoop's S3A file system (core-default.xml, and what its classes name).
 */
public final class SparkKeys {
    private static final Pattern KEY = Pattern.compile("spark\\.[A-Za-z][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*\\.?");
    private static final Pattern S3A = Pattern.compile("fs\\.s3a\\.[a-z0-9]+([.-][a-z0-9]+)*");
    private static final Pattern NAME = Pattern.compile("<name>\\s*(fs\\.s3a\\.[^<\\s]+)\\s*</name>");

    public static void main(String[] arguments) throws Exception {
        Set<String> found = new TreeSet<>();
        for (File file : new File(arguments[0]).listFiles((folder, name) -> name.endsWith(".jar"))) {
            try (JarFile jar = new JarFile(file)) {
                if (file.getName().startsWith("spark-")) {
                    readSpark(jar, found);
                } else if (file.getName().startsWith("hadoop-")) {
                    readHadoop(jar, found);
                }
            }
        }
        registered(found);
        found.forEach(System.out::println);
    }

    private static void readSpark(JarFile jar, Set<String> found) throws Exception {
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (!entry.getName().startsWith("org/apache/spark/") || !entry.getName().endsWith(".class")) {
                continue;
            }
            Set<String> words = words(jar, entry);
            words.stream().filter(word -> KEY.matcher(word).matches()).forEach(word -> found.add("word " + word));
            // Scala's objects register their entries when they are made.
            if (entry.getName().endsWith("$.class") && words.contains("org/apache/spark/internal/config/ConfigBuilder")) {
                String name = entry.getName().replace(".class", "").replace('/', '.');
                try {
                    Class.forName(name);
                } catch (LinkageError error) {
                    System.err.println(name + " was left out: " + error);
                }
            }
        }
    }

    private static void readHadoop(JarFile jar, Set<String> found) throws IOException {
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (entry.getName().equals("core-default.xml")) {
                try (InputStream content = jar.getInputStream(entry)) {
                    Matcher names = NAME.matcher(new String(content.readAllBytes(), "UTF-8"));
                    while (names.find()) {
                        found.add("s3a " + names.group(1));
                    }
                }
            } else if (entry.getName().startsWith("org/apache/hadoop/fs/s3a/") && entry.getName().endsWith(".class")) {
                words(jar, entry).stream().filter(word -> S3A.matcher(word).matches()).forEach(word -> found.add("s3a " + word));
            }
        }
    }

    /** The texts in the constant pool of a class. */
    private static Set<String> words(JarFile jar, JarEntry entry) throws IOException {
        Set<String> words = new HashSet<>();
        try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            in.skipNBytes(8);
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> words.add(in.readUTF());
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++;
                    }
                    case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    default -> throw new IOException(entry.getName() + ": constant of kind " + tag);
                }
            }
        }
        return words;
    }

    private static void registered(Set<String> found) throws Exception {
        Class<?> entries = Class.forName("org.apache.spark.internal.config.ConfigEntry$");
        Field known = entries.getDeclaredField("knownConfigs");
        known.setAccessible(true);
        Map<?, ?> all = (Map<?, ?>) known.get(entries.getField("MODULE$").get(null));
        for (Map.Entry<?, ?> one : all.entrySet()) {
            found.add("entry " + one.getKey());
        }
    }

    private SparkKeys() {}
}
