package sparkplatform.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Map<String, String> pod = Map.of("POD_NAME", "main-master-0", "POD_UID", "u1");

    static Settings with(String... more) {
        Map<String, String> conf = new HashMap<>(Map.of("directory", "s3a://b/d", "lease.name", "l", "lease.namespace", "n"));
        for (int i = 0; i < more.length; i += 2) {
            conf.put(more[i], more[i + 1]);
        }
        return Settings.of((key, fallback) -> conf.getOrDefault(key.substring(Settings.PREFIX.length()), fallback), pod);
    }

    @Test
    void haveDefaultsThatKeepTheDeadlineBeforeTheEndOfTheLease() {
        Settings settings = with();
        assertEquals(10, settings.leaseDuration().toSeconds());
        assertEquals(7, settings.renewDeadline().toSeconds());
        assertEquals(1, settings.retryPeriod().toSeconds());
        assertEquals(1500, settings.grace().toMillis());
    }

    @Test
    void nameAPodAndItsLife() {
        assertEquals("main-master-0_u1", with().identity());
        Settings unknown = Settings.of((key, fallback) -> fallback.isEmpty() ? "x" : fallback, Map.of());
        assertNotEquals(unknown.identity(), Settings.of((key, fallback) -> fallback.isEmpty() ? "x" : fallback, Map.of()).identity());
    }

    @Test
    void areRefusedByName() {
        refused("spark.platform.recovery.directory: expected a value", "directory", "");
        refused("spark.platform.recovery.lease.name: expected a value", "lease.name", "");
        refused("spark.platform.recovery.lease.renewDeadlineSeconds: expected less than lease.durationSeconds", "lease.renewDeadlineSeconds", "10");
        refused("spark.platform.recovery.lease.retrySeconds: expected at most half of lease.renewDeadlineSeconds", "lease.retrySeconds", "4");
        refused("spark.platform.recovery.writeTimeoutSeconds: expected a whole number of seconds from 1, found \"5s\"", "writeTimeoutSeconds", "5s");
    }

    private static void refused(String message, String... conf) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> with(conf)).getMessage());
    }
}
