package sparkplatform.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Reads and changes one Lease. Every change is refused by the API server when somebody else was faster. */
final class LeaseClient {
    private static final Path account = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /** Where the token of the requests comes from; it is read anew each time, because the kubelet replaces it. */
    interface Token {
        String read() throws IOException;
    }

    private final HttpClient http;
    private final String leases;
    private final String name;
    private final String namespace;
    private final Token token;
    private final Duration timeout;

    LeaseClient(HttpClient http, URI server, Settings settings, Token token) {
        this.http = http;
        this.name = settings.leaseName();
        this.namespace = settings.namespace();
        this.leases = server + "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
        this.token = token;
        this.timeout = settings.renewDeadline().dividedBy(3);
    }

    /** As the pod's own account. */
    static LeaseClient inCluster(Settings settings) {
        String host = System.getenv().getOrDefault("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc");
        String port = System.getenv().getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        URI server = URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .sslContext(trusting(account.resolve("ca.crt")))
                .build();
        return new LeaseClient(http, server, settings, () -> Files.readString(account.resolve("token")));
    }

    /** The Lease as it is; {@link Lease#absent} when there is none. */
    Lease get() throws IOException {
        HttpResponse<String> answer = send("GET", "/" + name, null);
        return answer.statusCode() == 404 ? Lease.absent : Lease.parse(checked("read", answer).body());
    }

    /** Stores a Lease that was read before and changed since. */
    Lease put(Lease lease) throws IOException {
        String body = lease.render(name, namespace);
        HttpResponse<String> answer = lease.version().isEmpty() ? send("POST", "", body) : send("PUT", "/" + name, body);
        return Lease.parse(checked("change", answer).body());
    }

    private HttpResponse<String> send(String method, String path, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(leases + path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + token.read())
                .header("Content-Type", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    private HttpResponse<String> checked(String what, HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() / 100 == 2) {
            return answer;
        }
        throw new IOException("the API server refuses to " + what + " it: " + answer.statusCode() + " "
                + answer.body().replaceAll("\\s+", " "));
    }

    private static SSLContext trusting(Path authorities) {
        try (InputStream in = Files.newInputStream(authorities)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("kubernetes-" + trusted.size(), one);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException problem) {
            throw new UncheckedIOException(authorities + " cannot be read: the pod has no token of its account", problem);
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
