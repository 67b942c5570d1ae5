import { kubectl } from "../../sandbox/support/kubectl";
import { hadoopXml } from "../../components/spark/kerberos";
import { restrictedClient } from "./client-pod";
import { kdcClientLabels, realm, realmConfigMap, type Kdc } from "./kdc";
import { mavenJars } from "./maven-jars";
import { access } from "./platform";
import { sendFolder } from "./send-folder";
import { sparkImageOf } from "./spark-image";

const labels = { app: "hdfs" };
const clientLabels = { "hdfs-client": "true" };
const home = "/tmp/hdfs";
/** Where clients ask for names, and where they read and write blocks. */
const [namePort, dataPort] = [8020, 9866];
const keytab = "/etc/hdfs/keytab";

/** A delegation token is good for so long, and no renewal makes it last longer: what executors hold must be replaced. */
export const tokenSeconds = 120;

const hostOf = (namespace: string) => `hdfs.${namespace}.svc.cluster.local`;

/** The file system of `startHdfs`, as servers are told of it. */
export const hdfs = (namespace: string) => ({
    uri: `hdfs://${hostOf(namespace)}:${namePort}`,
    clusterEndpoint: { namespace, podLabels: labels, clientLabels },
});

export const hdfsPrincipal = (namespace: string) => `hdfs/${hostOf(namespace)}@${realm}`;

/** An HDFS of one NameNode and one DataNode, which asks for Kerberos: both in one pod, on the jars of the Spark image and Hadoop's own servers beside them. */
export async function startHdfs(namespace: string, kdc: Kdc): Promise<void> {
    await kdc.principals("keytab-hdfs", [`hdfs/${hostOf(namespace)}`, `HTTP/${hostOf(namespace)}`]);
    const on = ["-n", namespace];
    const items = [configuration(namespace), service, policy, pod()];
    await kubectl(access, ["apply", ...on, "-f", "-"], { input: JSON.stringify({ apiVersion: "v1", kind: "List", items }) });
    await kubectl(access, ["wait", ...on, "pod/hdfs", "--for=jsonpath={.status.phase}=Running", "--timeout=120s"]);
    await sendFolder(await mavenJars("hdfs"), { namespace, pod: "hdfs", to: home });
    await kubectl(access, ["exec", ...on, "hdfs", "--", "touch", `${home}/complete`]);
    await kubectl(access, ["wait", ...on, "pod/hdfs", "--for=condition=Ready", "--timeout=180s"]);
}

const java = (program: string) => `java -Xmx160m -cp "/etc/hadoop:/opt/spark/jars/*:${home}/*" org.apache.hadoop.hdfs.server.${program}`;

const script = [
    `mkdir ${home}`,
    `until [ -e ${home}/complete ]; do sleep 1; done`,
    `${java("namenode.NameNode")} -format -nonInteractive || exit 1`,
    `${java("namenode.NameNode")} & ${java("datanode.DataNode")} &`,
    // When one of them ends, so does the pod.
    "wait -n",
].join("\n");

function pod() {
    const made = restrictedClient("hdfs", sparkImageOf("4.1.0"));
    Object.assign(made.metadata.labels, labels, kdcClientLabels);
    Object.assign(made.spec.containers[0]!, {
        args: ["/bin/bash", "-c", script],
        env: [{ name: "HOME", value: "/tmp" }],
        resources: { requests: { cpu: "50m", memory: "768Mi" }, limits: { memory: "1Gi" } },
        readinessProbe: { tcpSocket: { port: dataPort }, periodSeconds: 2 },
        volumeMounts: [
            { name: "configuration", mountPath: "/etc/hadoop", readOnly: true },
            { name: "realm", mountPath: "/etc/krb5.conf", subPath: "krb5.conf", readOnly: true },
            { name: "keytab", mountPath: "/etc/hdfs", readOnly: true },
        ],
    });
    Object.assign(made.spec, {
        terminationGracePeriodSeconds: 0,
        volumes: [
            { name: "configuration", configMap: { name: "hdfs" } },
            { name: "realm", configMap: { name: realmConfigMap } },
            { name: "keytab", secret: { secretName: "keytab-hdfs" } },
        ],
    });
    return made;
}

/** Both servers are one principal. Data goes over ports without privileges, so that it is SASL that protects it, as clients must know. */
function configuration(namespace: string) {
    const roles = ["namenode", "datanode"].flatMap((role) => [
        [`dfs.${role}.kerberos.principal`, hdfsPrincipal(namespace)],
        [`dfs.${role}.keytab.file`, keytab],
    ]);
    const settings = {
        ...(Object.fromEntries(roles) as Record<string, string>),
        "dfs.web.authentication.kerberos.principal": `HTTP/${hostOf(namespace)}@${realm}`,
        "dfs.web.authentication.kerberos.keytab": keytab,
        "dfs.namenode.rpc-address": `${hostOf(namespace)}:${namePort}`,
        "dfs.namenode.rpc-bind-host": "0.0.0.0",
        "dfs.namenode.http-bind-host": "0.0.0.0",
        "dfs.namenode.name.dir": `file://${home}/names`,
        "dfs.datanode.data.dir": `file://${home}/blocks`,
        "dfs.datanode.address": `0.0.0.0:${dataPort}`,
        "dfs.replication": 1,
        "dfs.block.access.token.enable": true,
        "dfs.data.transfer.protection": "privacy",
        // Its web pages would need certificates.
        "ignore.secure.ports.for.testing": true,
        "dfs.namenode.delegation.token.renew-interval": tokenSeconds * 1000,
        "dfs.namenode.delegation.token.max-lifetime": tokenSeconds * 1000,
        // Whoever logged in may write anywhere: who may do what is not what is tested.
        "dfs.permissions.enabled": false,
    };
    return {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "hdfs" },
        data: {
            "core-site.xml": hadoopXml({
                "fs.defaultFS": hdfs(namespace).uri,
                "hadoop.security.authentication": "kerberos",
                "hadoop.security.authorization": true,
            }),
            "hdfs-site.xml": hadoopXml(settings),
        },
    };
}

const ports = [namePort, dataPort].map((port) => ({ name: `port-${port}`, port }));

/** The name is that of the pod's own address: the NameNode tells clients the address that the DataNode came from, which a Service's own would hide. */
const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "hdfs" },
    spec: { selector: labels, ports, clusterIP: "None", publishNotReadyAddresses: true },
};

const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "hdfs" },
    spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
            {
                from: [{ podSelector: { matchLabels: clientLabels } }, { podSelector: { matchLabels: labels } }],
                ports: ports.map(({ port }) => ({ port })),
            },
        ],
        egress: [{ to: [{ podSelector: { matchLabels: labels } }], ports: ports.map(({ port }) => ({ port })) }],
    },
};
