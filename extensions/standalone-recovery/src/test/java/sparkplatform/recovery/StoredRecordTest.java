package sparkplatform.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StoredRecordTest {
    private static final byte[] payload = "what Spark serialised".getBytes();
    private final byte[] stored = new StoredRecord("4.1.0", payload).encode();

    @Test
    void comesBackWhole() throws Exception {
        StoredRecord read = StoredRecord.decode(stored);
        assertEquals("4.1.0", read.sparkVersion());
        assertArrayEquals(payload, read.payload());
    }

    @Test
    void isTheSameBytesEveryTime() {
        assertArrayEquals(stored, new StoredRecord("4.1.0", payload).encode());
    }

    @Test
    void isRefusedWhereverItIsCutOff() {
        for (int length = 0; length < stored.length; length++) {
            byte[] half = Arrays.copyOf(stored, length);
            assertThrows(StoredRecord.DamagedException.class, () -> StoredRecord.decode(half), "cut after " + length + " bytes");
        }
    }

    @Test
    void isRefusedWhateverByteChanged() {
        for (int at = 0; at < stored.length; at++) {
            byte[] changed = stored.clone();
            changed[at] ^= 1;
            assertThrows(StoredRecord.DamagedException.class, () -> StoredRecord.decode(changed), "changed at " + at);
        }
    }
}
