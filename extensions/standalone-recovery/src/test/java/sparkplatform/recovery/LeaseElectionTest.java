package sparkplatform.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.master.LeaderElectable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseElectionTest {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private ApiServer server;

    /** A master as far as elections go. */
    private final class Candidate implements LeaderElectable {
        final String name;
        final Leadership leadership = new Leadership();
        final LeaseElection election;

        Candidate(String name, String pod) {
            this.name = name;
            Settings settings = new Settings(new Path("file:/tmp"), "main", "team-a", Duration.ofSeconds(2), Duration.ofMillis(1200),
                    Duration.ofMillis(100), Duration.ofSeconds(1), pod + "_u");
            HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            LeaseClient client = new LeaseClient(http, server.addressFor(name), settings, () -> "token");
            election = new LeaseElection(this, client, leadership, settings, why -> events.add(name + " ended"));
            candidates.add(this);
            election.start();
        }

        Candidate(String name) {
            this(name, name);
        }

        @Override
        public void electedLeader() {
            events.add(name + " elected");
        }

        @Override
        public void revokedLeadership() {
            events.add(name + " revoked");
        }
    }

    @BeforeEach
    void open() throws Exception {
        server = new ApiServer();
    }

    @AfterEach
    void close() {
        server.faults.clear();
        candidates.forEach(candidate -> candidate.election.stop());
        server.close();
    }

    private static void waitUntil(BooleanSupplier holds, int seconds, String what) {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what + " within " + seconds + " seconds");
            pause(20);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private void waitFor(String... expected) {
        waitUntil(() -> events.size() >= expected.length, 10, Arrays.toString(expected) + ", found " + events + ",");
        assertEquals(List.of(expected), events);
    }

    @Test
    void electsOneAndKeepsIt() {
        new Candidate("a");
        waitFor("a elected");
        new Candidate("b");
        pause(3000);
        assertEquals(List.of("a elected"), events);
        assertEquals("a_u", server.lease().path("spec").path("holderIdentity").asText());
        assertEquals(1, server.lease().path("spec").path("leaseTransitions").asInt());
    }

    @Test
    void leavesTheLeaseToEndByItselfWhenTheLeaderStops() {
        Candidate a = new Candidate("a");
        waitFor("a elected");
        new Candidate("b");
        pause(500);
        a.election.stop();
        assertFalse(a.leadership.holds());
        long stopped = System.nanoTime();
        waitFor("a elected", "b elected");
        assertTrue(System.nanoTime() - stopped > Duration.ofSeconds(1).toNanos());
        assertEquals(2, server.lease().path("spec").path("leaseTransitions").asInt());
    }

    @Test
    void revokesALeaderThatCannotRenewBeforeAnotherGains() {
        for (ApiServer.Fault fault : ApiServer.Fault.values()) {
            events.clear();
            Candidate a = new Candidate("a-" + fault);
            waitFor(a.name + " elected");
            Candidate b = new Candidate("b-" + fault);
            server.faults.put(a.name, fault);
            waitUntil(() -> b.leadership.holds(), 15, "the other leads after " + fault);
            assertFalse(a.leadership.holds());
            assertEquals(List.of(a.name + " elected", a.name + " revoked", a.name + " ended", b.name + " elected"), List.copyOf(events));
            b.election.stop();
        }
    }

    @Test
    void bridgesAShortOutageOfTheApiServer() {
        Candidate a = new Candidate("a");
        waitFor("a elected");
        server.faults.put("a", ApiServer.Fault.REFUSE);
        pause(500);
        server.faults.clear();
        pause(2000);
        assertEquals(List.of("a elected"), events);
        assertTrue(a.leadership.holds());
    }

    @Test
    void leadsAgainAtOnceAfterARestartInTheSamePod() {
        Candidate a = new Candidate("a", "pod");
        waitFor("a elected");
        // Killed: nothing is given back.
        server.faults.put("a", ApiServer.Fault.HANG);
        long killed = System.nanoTime();
        new Candidate("b", "pod");
        waitUntil(() -> events.contains("b elected"), 2, "the same pod leads");
        assertTrue(System.nanoTime() - killed < Duration.ofSeconds(1).toNanos());
        assertTrue(a.election.masterInstance() == a);
    }

    @Test
    void neverHasTwoLeadersWhateverFails() {
        Random random = new Random(7);
        List<Candidate> three = List.of(new Candidate("a"), new Candidate("b"), new Candidate("c"));
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        int changes = 0;
        while (System.nanoTime() < end) {
            if (changes++ % 20 == 0) {
                server.faults.clear();
                for (Candidate one : three) {
                    int choice = random.nextInt(6);
                    if (choice < ApiServer.Fault.values().length) {
                        server.faults.put(one.name, ApiServer.Fault.values()[choice]);
                    }
                }
            }
            long leaders = three.stream().filter(one -> one.leadership.holds()).count();
            assertTrue(leaders <= 1, leaders + " leaders after " + events);
            pause(10);
        }
        assertTrue(events.stream().filter(event -> event.endsWith("elected")).count() >= 1, events.toString());
    }
}
