import { nodeKinds } from "../../components/internal/placement";
import { below, type Wrong, type Wrongs } from "./wrong";

/** One wrong value a kind of value, for the tables of the bricks. */

export const label: Wrong = ["Team_B", '"Team_B" is not a DNS label; use lower-case letters, digits and "-", starting with a letter'];
export const namespaces: Wrong = [["team-b", "Team_B"], label[1]];
export const object: Wrong = [
    "My Secret",
    '"My Secret" is not the name of an object; use lower-case letters, digits, "-" and ".", with a letter or digit at both ends',
];
export const objects: Wrong = [["My Secret"], object[1]];
export const image: Wrong = [
    "https://registry.example.org/image",
    '"https://registry.example.org/image" is not an image; write it like "registry.example.org/team/image:1.0"',
];
export const size = (from: string): Wrong => ["1Gi", `"1Gi" is not a size of at least ${from}; write it like "1500m" or "4g"`];
export const tooSmall = (value: string, from: string): Wrong => [
    value,
    `"${value}" is not a size of at least ${from}; write it like "1500m" or "4g"`,
];
export const cpu: Wrong = ["lots", '"lots" is not a CPU quantity; write it like "500m" or "2"'];
/** One less than the least. */
export const count = (from = 1, to?: number): Wrong => [
    from - 1,
    `${from - 1} is not a whole number ${to === undefined ? `from ${from}` : `between ${from} and ${to}`}`,
];
export const time: Wrong = ["soon", '"soon" is not a duration; write it like "60s", "30m" or "2h"'];
export const labels: Wrong = [{ "my team": "a" }, '"my team" is not the key of a label; write it like "team" or "example.org/team"'];
export const labelValues: Wrong = [{ team: "a b" }, '"a b" is not the value of a label; use at most 63 letters, digits, "-", "_" and "."'];
export const annotations: Wrong = [
    { "example.org/": "a" },
    '"example.org/" is not the key of an annotation; write it like "team" or "example.org/team"',
];
export const apiServer: Wrong = [
    ["10.0.0.1"],
    '"10.0.0.1" is not a CIDR; write it like "10.0.0.1/32", or "10.0.0.1/32:16443" for a port that is neither 443 nor 6443',
];
export const directory: Wrong = [
    "s3://warehouse/tables",
    '"s3://warehouse/tables" is not a directory in a bucket; write it like "s3a://bucket/directory"',
];
export const url: Wrong = [
    "store:9000",
    '"store:9000" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
];
export const host: Wrong = ["https://host.example.org", '"https://host.example.org" is not a host name; write it like "spark.example.org"'];
export const path: Wrong = ["etc/files", '"etc/files" is not an absolute path; write it like "/etc/team/files"'];
export const port: Wrong = [0, "0 is not a port"];
export const prefix: Wrong = [
    "/logs/",
    '"/logs/" is not a path in a bucket; use letters, digits, "." "_" "=" "-" and single "/", for example "logs/events"',
];
export const bucket: Wrong = [
    "Backups",
    '"Backups" is not a bucket name; use lower-case letters, digits and "-", with a letter or digit at both ends',
];
export const sparkVersion: Wrong = ["4.0.1", '"4.0.1" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?'];
export const sparkConf: Wrong = [
    { "sql.shuffle.partitions": "17" },
    '"sql.shuffle.partitions" is not a Spark setting; keys start with "spark."',
];
export const variables: Wrong = [{ "1ST": "a" }, '"1ST" is no name of an environment variable; use letters, digits and "_"'];
export const schedule: Wrong = ["every night", '"every night" is not a schedule; write it like "0 3 * * *", "@daily" or "@every 30m"'];
export const zone: Wrong = ["Berlin", '"Berlin" is not a time zone; write it like "Europe/Berlin"'];
export const oneOf = (value: string, ...right: string[]): Wrong => [value, `"${value}" is none of ${right.join(", ")}`];

/** Of the settings that all pods share. */
export const pod = (at: string): Wrongs =>
    below(at, {
        nodes: ["spot", `"spot" is not a kind of nodes; one of ${nodeKinds.map((kind) => `"${kind}"`).join(", ")}`],
        nodeSelector: labelValues,
        tolerations: [[{ key: "spot", operator: "Is" }], 'operator "Is" is none of Exists, Equal'],
        imagePullSecrets: objects,
        priorityClassName: object,
        labels,
        annotations,
    });

/** Of what programs write on their standard output. */
export const logs: Wrongs = {
    level: oneOf("verbose", "error", "warn", "info", "debug", "trace"),
    layout: oneOf("xml", "json", "text"),
};
export const logLevel: Wrongs = { level: logs.level! };

/** Of the settings that all bricks are watched by. */
export const monitoring: Wrongs = below("monitoring", {
    namespace: label,
    podLabels: [{}, "is empty, which would let every pod of the namespace in; give at least one label"],
    interval: time,
    labels,
});

export const clusterEndpoint: Wrongs = { namespace: label, podLabels: labels, clientLabels: labelValues, port };

export const s3: Wrongs = {
    endpoint: url,
    region: ["eu central", '"eu central" is not a region; use letters, digits and "-", for example "us-east-1"'],
    credentialsSecret: object,
    credentialsFile: path,
    ...below("clusterEndpoint", clusterEndpoint),
};

export const eventLog: Wrongs = { directory, ...below("s3", s3) };

export const database: Wrongs = {
    host: ["db host", '"db host" is not the name of a server; write it like "db.example.org"'],
    port,
    database: ["my db", '"my db" is not the name of a database; use letters, digits, "_" and "-"'],
    credentialsSecret: object,
    sslMode: ["prefer", '"prefer" is not one of disable, require, verify-ca, verify-full'],
    caSecret: object,
    ...below("clusterEndpoint", clusterEndpoint),
};

export const tracing: Wrongs = {
    endpoint: ["http://collector:4317", "has the port of gRPC, 4317; traces go by HTTP, mostly to 4318"],
    sampleRatio: [10, "10 is not a part of the whole; write it like 0.1"],
    ...below("clusterEndpoint", clusterEndpoint),
};

export const kerberos: Wrongs = {
    principal: ["spark", '"spark" is not a principal; write it like "spark@EXAMPLE.COM" or "hive/host@EXAMPLE.COM"'],
    keytabSecret: object,
    configMap: object,
    servicePrincipal: ["hive", '"hive" is not a principal; write it like "spark@EXAMPLE.COM" or "hive/host@EXAMPLE.COM"'],
};

export const metastore: Wrongs = {
    uris: ["hive:9083", '"hive:9083" is not the address of a metastore; write it like "thrift://host:9083", with commas between several'],
    version: ["4.0.1", '"4.0.1" is a Hive that Spark cannot talk to: since 4.0.1 it lacks the call get_table; use 3.1.3'],
    warehouse: directory,
    ...below("clusterEndpoint", clusterEndpoint),
};

export const hdfs: Wrongs = {
    uri: ["namenode:8020", '"namenode:8020" is not the address of a file system; write it like "hdfs://namenode:8020"'],
    dataPort: port,
    ...below("clusterEndpoint", clusterEndpoint),
};

/** A list of Connect servers; how its elements are told is in the list's own line. */
export const connectServers: Wrong = [
    [{ url: "http://connect:15002" }],
    'url "http://connect:15002" is not the URL of a Connect server; write it like "sc://connect.team-a.svc:15002"',
];
export const webServer: Wrongs = { url, clientLabels: labels };
export const tracking: Wrongs = { ...webServer, credentialsSecret: object };
export const classic: Wrongs = {
    settings: object,
    clientLabels: labels,
    serviceAccount: object,
    authenticationSecret: object,
    credentialsSecret: object,
    credentialsFile: path,
    ...below("logs", logs),
};
