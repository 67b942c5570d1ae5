package sparkplatform.recovery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * One record as it is stored: a header, then what Spark serialised.
 *
 * <p>Spark's serialised form changes from version to version, and reading that of another one fails at best; so the header names
 * the version. A store without atomic writes, or a full disk, may leave a part of a record; so it has a checksum.
 */
record StoredRecord(String sparkVersion, byte[] payload) {
    private static final byte[] MAGIC = {'S', 'P', 'R', '1'};

    /** What is stored is not a whole record. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }

    byte[] encode() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 64);
            DataOutputStream out = new DataOutputStream(bytes);
            out.write(MAGIC);
            out.write(digest(sparkVersion, payload));
            out.writeUTF(sparkVersion);
            out.writeInt(payload.length);
            out.write(payload);
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static StoredRecord decode(byte[] stored) throws DamagedException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new DamagedException("it does not begin like a record");
            }
            byte[] expected = in.readNBytes(32);
            String version = in.readUTF();
            int length = in.readInt();
            byte[] payload = in.readAllBytes();
            if (payload.length != length) {
                throw new DamagedException("it has " + payload.length + " of " + length + " bytes");
            }
            if (!Arrays.equals(expected, digest(version, payload))) {
                throw new DamagedException("its checksum is wrong");
            }
            return new StoredRecord(version, payload);
        } catch (DamagedException damaged) {
            throw damaged;
        } catch (IOException tooShort) {
            throw new DamagedException("its header is cut off");
        }
    }

    private static byte[] digest(String version, byte[] payload) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(version.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return sha256.digest(payload);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
