package sparkplatform.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A Lease of {@code coordination.k8s.io/v1}.
 *
 * @param holder Who leads; empty when nobody ever did.
 * @param version What the API server compares before it takes a change; empty for one that is not there yet.
 */
record Lease(String holder, Duration duration, int transitions, String acquired, String renewed, String version) {
    private static final ObjectMapper json = new ObjectMapper();
    private static final DateTimeFormatter micros = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    static final Lease absent = new Lease("", Duration.ZERO, 0, "", "", "");

    Lease takenBy(String identity, Duration term) {
        String now = micros.format(Instant.now());
        boolean same = identity.equals(holder);
        return new Lease(identity, term, same ? transitions : transitions + 1, same ? acquired : now, now, version);
    }

    static Lease parse(String text) throws IOException {
        JsonNode lease = json.readTree(text);
        JsonNode spec = lease.path("spec");
        return new Lease(
                spec.path("holderIdentity").asText(""),
                Duration.ofSeconds(spec.path("leaseDurationSeconds").asInt(0)),
                spec.path("leaseTransitions").asInt(0),
                spec.path("acquireTime").asText(""),
                spec.path("renewTime").asText(""),
                lease.path("metadata").path("resourceVersion").asText(""));
    }

    String render(String name, String namespace) {
        ObjectNode lease = json.createObjectNode().put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        ObjectNode metadata = lease.putObject("metadata").put("name", name).put("namespace", namespace);
        if (!version.isEmpty()) {
            metadata.put("resourceVersion", version);
        }
        lease.putObject("spec")
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", Math.max(1, duration.toSeconds()))
                .put("leaseTransitions", transitions)
                .put("acquireTime", acquired)
                .put("renewTime", renewed);
        return lease.toString();
    }
}
