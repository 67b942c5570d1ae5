import { kubectl } from "../../sandbox/support/kubectl";
import type { SparkConf } from "../../components/internal/spark-properties";
import { sparkLine } from "../../components/internal/spark-versions";
import { kerberosFiles, kerberosMounts, kerberosVolumes } from "../../components/spark/kerberos";
import { metastoreClientLabels, metastoreConf, type MetastoreFacts } from "../../components/spark/metastore";
import { s3aConf, storeClientLabels, type S3Facts } from "../../components/storage/s3a";
import { restrictedClient } from "./client-pod";
import { access } from "./platform";

export interface Session {
    namespace: string;
    version: string;
    metastore: MetastoreFacts;
    s3: S3Facts;
    /** Further Spark settings. */
    conf?: Record<string, string>;
}

const fromSecret = (name: string, secret: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } });

/**
 * Runs statements in a Spark session of its own: a driver that does its own work, in a pod that has gone when they are done.
 *
 * @returns What they answered, a line for each row.
 * @throws The end of the session's log, when a statement failed.
 */
export async function runSql(
    name: string,
    statements: string[],
    { namespace, version, metastore, s3, conf = {} }: Session,
): Promise<string[]> {
    const line = sparkLine(version);
    const settings: SparkConf = { ...s3aConf(line, s3), ...metastoreConf(line, metastore), "spark.ui.enabled": false, ...conf };
    const pod = restrictedClient(name, `spark-platform.local/spark:${version}`);
    const [container] = pod.spec.containers;
    const manifest = {
        ...pod,
        metadata: { name, labels: { ...metastoreClientLabels(metastore), ...storeClientLabels(s3) } },
        spec: {
            ...pod.spec,
            restartPolicy: "Never",
            volumes: [...kerberosVolumes(metastore.kerberos), { name: "conf", configMap: { name } }],
            containers: [
                {
                    ...container,
                    args: [
                        ...["/opt/spark/bin/spark-sql", "-S", "--master", "local[1]", "--driver-memory", "600m"],
                        ...Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : ["--conf", `${key}=${value}`])),
                        ...["-e", statements.join("; ")],
                    ],
                    env: [
                        fromSecret("AWS_ACCESS_KEY_ID", s3.credentialsSecret ?? "", "access-key"),
                        fromSecret("AWS_SECRET_ACCESS_KEY", s3.credentialsSecret ?? "", "secret-key"),
                    ],
                    resources: { requests: { cpu: "50m", memory: "512Mi" }, limits: { memory: "1200Mi" } },
                    volumeMounts: [...kerberosMounts(metastore.kerberos), { name: "conf", mountPath: "/opt/spark/conf", readOnly: true }],
                },
            ],
        },
    };
    const files = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: kerberosFiles(metastore.kerberos) };
    const on = ["-n", namespace];
    try {
        await kubectl(access, ["apply", ...on, "-f", "-"], {
            input: JSON.stringify({ apiVersion: "v1", kind: "List", items: [files, manifest] }),
        });
        await kubectl(access, [
            "wait",
            ...on,
            `pod/${name}`,
            "--for=jsonpath={.status.containerStatuses[0].state.terminated}",
            "--timeout=300s",
        ]);
        const log = await kubectl(access, ["logs", ...on, name]);
        const code = await kubectl(access, [
            "get",
            ...on,
            `pod/${name}`,
            "-o",
            "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}",
        ]);
        if (code !== "0") {
            throw new Error(log.split("\n").slice(-200).join("\n"));
        }
        // Rows are what is no line of the log: those of spark-sql come with a time or a stack's indentation.
        return log
            .split("\n")
            .filter((text) => text !== "" && !/^(\d\d\/\d\d\/\d\d |[{\s]|WARNING|Setting|To adjust|Using|Time taken|Spark )/.test(text));
    } finally {
        await kubectl(access, ["delete", ...on, `pod/${name}`, `configmap/${name}`, "--ignore-not-found", "--grace-period=1"]);
    }
}
