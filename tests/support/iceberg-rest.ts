import { kubectl } from "../../sandbox/support/kubectl";
import { s3aConf, storeClientLabels, type S3Facts } from "../../components/storage/s3a";
import { sparkLine } from "../../components/internal/spark-versions";
import { hadoopXml } from "../../components/spark/kerberos";
import { restrictedClient } from "./client-pod";
import { mavenJars } from "./maven-jars";
import { access } from "./platform";
import { sendFolder } from "./send-folder";
import { sparkImageOf } from "./spark-image";

const labels = { app: "iceberg-rest" };
const clientLabels = { "iceberg-rest-client": "true" };
const port = 8181;
const version = "4.1.0";

/** The catalog of `startRestCatalog`, as servers are told of it. */
export const restCatalog = (namespace: string) => ({
    uri: `http://iceberg-rest.${namespace}.svc:${port}`,
    clusterEndpoint: { namespace, podLabels: labels, clientLabels },
});

/** Iceberg's own REST catalog for tests, which keeps its tables in the store, and which there are in its pod: it runs on the jars of the Spark image and its own beside them. */
export async function startRestCatalog(namespace: string, s3: S3Facts): Promise<void> {
    const settings = Object.entries(s3aConf(sparkLine(version), s3)).map(([key, value]) => [key.replace("spark.hadoop.", ""), value]);
    const pod = restrictedClient("iceberg-rest", sparkImageOf(version));
    Object.assign(pod.metadata.labels, labels, storeClientLabels(s3));
    const env = {
        HOME: "/tmp",
        // Of those that need no server it is the one that knows whose a namespace is, which Spark tells it.
        CATALOG_CATALOG__IMPL: "org.apache.iceberg.jdbc.JdbcCatalog",
        CATALOG_URI: "jdbc:sqlite:/tmp/rest/catalog.db",
        CATALOG_CLIENTS: "1",
        CATALOG_JDBC_SCHEMA__VERSION: "V1",
        CATALOG_WAREHOUSE: "s3a://warehouse/web",
        CATALOG_IO__IMPL: "org.apache.iceberg.hadoop.HadoopFileIO",
        REST_PORT: String(port),
        CORE_SITE: hadoopXml(Object.fromEntries(settings) as Record<string, string>),
    };
    Object.assign(pod.spec.containers[0]!, {
        // S3A comes first, as Iceberg's jar of tests has a class of its own under the name of one of S3A's.
        args: [
            ...["/bin/sh", "-c"],
            'mkdir -p /tmp/rest && printf "%s" "$CORE_SITE" >/tmp/rest/core-site.xml && ' +
                "until [ -e /tmp/rest/complete ]; do sleep 1; done; " +
                'exec java -Xmx256m -cp "/tmp/rest:$(echo /opt/spark/jars/hadoop-aws-*.jar):/tmp/rest/*:/opt/spark/jars/*" org.apache.iceberg.rest.RESTCatalogServer',
        ],
        env: [...Object.entries(env).map(([name, value]) => ({ name, value })), ...keys(s3)],
        resources: { requests: { cpu: "50m", memory: "512Mi" }, limits: { memory: "640Mi" } },
    });
    const service = {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "iceberg-rest" },
        spec: { selector: labels, ports: [{ port }] },
    };
    const policy = {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "iceberg-rest" },
        spec: {
            podSelector: { matchLabels: labels },
            policyTypes: ["Ingress"],
            ingress: [{ from: [{ podSelector: { matchLabels: clientLabels } }], ports: [{ port }] }],
        },
    };
    const on = ["-n", namespace];
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: [service, policy, pod] });
    await kubectl(access, ["apply", ...on, "-f", "-"], { input });
    await kubectl(access, ["wait", ...on, "pod/iceberg-rest", "--for=condition=Ready", "--timeout=120s"]);
    await sendFolder(await mavenJars("iceberg-rest"), { namespace, pod: "iceberg-rest", to: "/tmp/rest" });
    await kubectl(access, ["exec", ...on, "iceberg-rest", "--", "touch", "/tmp/rest/complete"]);
}

const keys = ({ credentialsSecret = "" }: S3Facts) =>
    Object.entries({ AWS_ACCESS_KEY_ID: "access-key", AWS_SECRET_ACCESS_KEY: "secret-key" }).map(([name, key]) => ({
        name,
        valueFrom: { secretKeyRef: { name: credentialsSecret, key } },
    }));
