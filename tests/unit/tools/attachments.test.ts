import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { AirflowAttachment, JupyterHubAttachment, type AirflowAttachmentArgs, type JupyterHubAttachmentArgs } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { imageOf } from "../../../components/tools/jupyter-hub-attachment/conf";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import * as changes from "../../support/tool-changes";
import { s3 } from "../spark/arguments";

const connect = [{ url: "sc://c-connect.team-a.svc:15002", clientLabels: { "connect-client": "true" } }];
const tracking = { url: "http://m-mlflow.team-a.svc:5000", credentialsSecret: "m-mlflow-admin", clientLabels: { "mlflow-client": "true" } };

const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const ports = (made: Registered[], name: string) =>
    find(made, name).spec.egress.map((row: any) => (row === undefined ? undefined : row.ports[0].port));

/** What an attachment made, and its values for the chart. */
async function attached<A extends object>(
    make: (args: A, opts: pulumi.ComponentResourceOptions) => { values: pulumi.Output<string> },
    args: A,
): Promise<{ made: Registered[]; values: any }> {
    let values!: pulumi.Output<string>;
    const made = await record((opts) => (values = make(args, opts).values));
    return { made, values: parse(await new Promise<string>((resolve) => values.apply(resolve))) };
}

describe("AirflowAttachment", () => {
    const args: AirflowAttachmentArgs = {
        namespace: "airflow",
        image: "registry.example/airflow:3.3.2-spark-4.1.0",
        apiServerUrl: "http://airflow-api-server.airflow.svc:8080",
        connect,
        tracking,
        s3,
        taskLogs: "s3a://airflow-logs/tasks",
        warehouse: "s3a://warehouse/tables",
        environment: { AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: "[]" },
        applications: true,
    };
    const make = (given: AirflowAttachmentArgs, opts: any) => new AirflowAttachment("a", given, opts);
    const task = (values: any) => parse(values.podTemplate, { version: "1.1" });

    it("makes an account, connections, a pod template and a policy, and rights only where tasks make applications", async () => {
        const { made } = await attached(make, args);
        const rights = ["a-binding RoleBinding", "a-role Role"];
        const names = (all: Registered[]) => all.map(({ type, name }) => `${name} ${type.split(":")[2]}`);
        const rest = ["a-account ServiceAccount", "a-connections Secret", "a-network NetworkPolicy", "a-template ConfigMap"];
        assert.deepEqual(names(made), [...rest, ...rights].sort());
        assert.deepEqual(names((await attached(make, { ...args, applications: false })).made), rest);
        assert.deepEqual(find(made, "a-role").rules[0].resources, ["sparkapplications"]);
    });

    it("gives the official chart what leads its tasks here", async () => {
        const { values } = await attached(make, args);
        const { podTemplate, ...others } = values;
        assert.equal(task({ podTemplate }).kind, "Pod");
        assert.deepEqual(others, {
            executor: "KubernetesExecutor",
            workers: { kubernetes: { serviceAccount: { create: false, name: "a-airflow-task" } } },
            secret: [
                { envName: "AIRFLOW_CONN_PLATFORM_S3", secretName: "a-airflow-connections", secretKey: "platform_s3" },
                { envName: "AIRFLOW_CONN_SPARK_CONNECT_DEFAULT", secretName: "a-airflow-connections", secretKey: "spark_connect_default" },
            ],
            config: {
                core: { parallelism: 16 },
                logging: {
                    remote_logging: true,
                    remote_base_log_folder: "s3://airflow-logs/tasks",
                    remote_log_conn_id: "platform_s3",
                    delete_local_logs: true,
                },
            },
        });
        assert.doesNotMatch(podTemplate, /\{\{/, "the chart would take it for a template of its own");
    });

    it("runs tasks in pods that the restricted standard admits and that know the platform", async () => {
        const { made, values } = await attached(make, args);
        const { metadata, spec } = task(values);
        assert.deepEqual(podProblems(spec), []);
        const [base] = spec.containers;
        assert.equal(base.name, "base");
        const env = Object.fromEntries(base.env.map(({ name, value, valueFrom }: any) => [name, value ?? valueFrom.secretKeyRef.name]));
        assert.equal(env.SPARK_REMOTE, "sc://c-connect.team-a.svc:15002");
        assert.equal(env.AIRFLOW__CORE__EXECUTION_API_SERVER_URL, "http://airflow-api-server.airflow.svc:8080/execution/");
        assert.equal(env.AIRFLOW_CONN_PLATFORM_S3, "a-airflow-connections");
        assert.equal(env.AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST, "[]");
        for (const label of ["connect-client", "mlflow-client", "store-client"]) {
            assert.equal(metadata.labels[label], "true", label);
        }
        assert.equal(find(made, "a-template").data["pod.yaml"], values.podTemplate);
    });

    it("lets tasks report to Airflow, reach the platform, and Kubernetes only where they make applications", async () => {
        const { made } = await attached(make, args);
        assert.deepEqual(ports(made, "a-network").slice(0, -1), [8080, 15002, 5000, 9000, 443]);
        const { made: without } = await attached(make, { ...args, applications: false });
        assert.deepEqual(ports(without, "a-network").slice(0, -1), [8080, 15002, 5000, 9000]);
        assert.deepEqual(find(made, "a-network").spec.egress.at(-1), toDns);
        assert.deepEqual(find(made, "a-network").spec.ingress, []);
    });

    it("says connections in Airflow's own words, without keys", async () => {
        const { made } = await attached(make, args);
        const { data } = find(made, "a-connections");
        const said = (name: string) => JSON.parse(Buffer.from(data[name], "base64").toString());
        assert.deepEqual(said("spark_connect_default"), { conn_type: "spark_connect", host: "sc://c-connect.team-a.svc", port: 15002 });
        assert.equal(said("platform_s3").extra.endpoint_url, "http://s-store.team-a.svc:9000");
    });

    it("names every wrong field at once, before anything is made", () => {
        const wrong = {
            namespace: "Team",
            image: "",
            apiServerUrl: "airflow",
            connect: [{ url: "spark://x:7077" }],
            tracking: { url: "mlflow" },
            taskLogs: "s3a://logs/tasks",
            warehouse: "warehouse",
            environment: { "A-B": "c" },
            kubernetesApi: [],
            worker: { memory: "1m", maximum: 0 },
        };
        const url = 'is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"';
        const label = 'is not a DNS label; use lower-case letters, digits and "-", starting with a letter';
        assert.throws(() => new AirflowAttachment("A", wrong), {
            message: [
                'AirflowAttachment "A" cannot be deployed as configured:',
                `  name: "A" ${label}`,
                `  namespace: "Team" ${label}`,
                "  image: is missing",
                `  apiServerUrl: "airflow" ${url}`,
                '  connect: url "spark://x:7077" is not the URL of a Connect server; write it like "sc://connect.team-a.svc:15002"',
                `  tracking: url "mlflow" ${url}`,
                '  warehouse: "warehouse" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                '  environment: "A-B" is no name of an environment variable; use letters, digits and "_"',
                "  kubernetesApi: is empty; give at least one",
                '  worker.memory: "1m" is not a size of at least 512m; write it like "1500m" or "4g"',
                "  worker.maximum: 0 is not a whole number from 1",
                "  taskLogs: has no store to be in; give s3 too",
            ].join("\n"),
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("AirflowAttachment", changes.airflowAttachment);
        // The most tasks at a time is the chart's business, and so is seen in the values only.
        const { "worker.maximum": _, ...seen } = changes.airflowAttachment;
        await assertEveryFieldMatters(make, args, seen);
        assert.equal((await attached(make, { ...args, worker: { maximum: 3 } })).values.config.core.parallelism, 3);
    });
});

describe("JupyterHubAttachment", () => {
    const args: JupyterHubAttachmentArgs = {
        namespace: "hub",
        release: "jhub",
        serverImage: "registry.example:5000/jupyter-lab:4.1.0",
        connect,
        historyServer: { url: "http://h-history.team-a.svc:18080", clientLabels: { "history-client": "true" } },
        tracking,
    };
    const make = (given: JupyterHubAttachmentArgs, opts: any) => new JupyterHubAttachment("j", given, opts);

    it("makes an account and a policy for the chart's pods", async () => {
        const { made } = await attached(make, args);
        assert.deepEqual(
            made.map(({ type, name }) => `${name} ${type.split(":")[2]}`),
            ["j-account ServiceAccount", "j-network NetworkPolicy"],
        );
        const { podSelector, policyTypes } = find(made, "j-network").spec;
        assert.deepEqual(podSelector.matchLabels, { release: "jhub", component: "singleuser-server" });
        assert.deepEqual(policyTypes, ["Egress"]);
        assert.deepEqual(ports(made, "j-network").slice(0, -1), [15002, 18080, 5000]);
    });

    it("gives the official chart what leads its users' notebooks here", async () => {
        const { values } = await attached(make, args);
        const { singleuser, hub } = values;
        assert.deepEqual(singleuser.image, { name: "registry.example:5000/jupyter-lab", tag: "4.1.0" });
        assert.deepEqual(singleuser.extraLabels, { "connect-client": "true", "history-client": "true", "mlflow-client": "true" });
        assert.equal(singleuser.extraEnv.SPARK_REMOTE, "sc://c-connect.team-a.svc:15002");
        assert.deepEqual(singleuser.extraEnv.MLFLOW_TRACKING_PASSWORD.valueFrom.secretKeyRef, { name: "m-mlflow-admin", key: "password" });
        assert.equal(singleuser.serviceAccountName, "j-notebooks");
        assert.equal(singleuser.cloudMetadata.blockWithIptables, false);
        const { extra_container_config: container, extra_pod_config: pod } = hub.config.KubeSpawner;
        const spec = { containers: [{ name: "notebook", image: "i", ...container }], ...pod };
        assert.deepEqual(podProblems(spec), []);
    });

    it("takes images apart as people write them", () => {
        assert.deepEqual(imageOf("lab"), { name: "lab", tag: "" });
        assert.deepEqual(imageOf("localhost:5000/lab"), { name: "localhost:5000/lab", tag: "" });
        assert.deepEqual(imageOf("a/lab:1@sha256:0f"), { name: "a/lab:1@sha256", tag: "0f" });
    });

    it("names every wrong field at once, before anything is made", () => {
        const wrong = {
            namespace: "Team",
            release: "",
            serverImage: "",
            connect: [{ url: "x" }],
            historyServer: { url: "h" },
            tracking: { url: "m" },
            memory: "1",
            cpuRequest: "x",
            idleTimeout: "soon",
        };
        const url = 'is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"';
        assert.throws(() => new JupyterHubAttachment("j", wrong), {
            message: [
                'JupyterHubAttachment "j" cannot be deployed as configured:',
                '  namespace: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  release: is missing",
                "  serverImage: is missing",
                '  connect: url "x" is not the URL of a Connect server; write it like "sc://connect.team-a.svc:15002"',
                `  historyServer: url "h" ${url}`,
                `  tracking: url "m" ${url}`,
                '  memory: "1" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  cpuRequest: "x" is not a CPU quantity; write it like "500m" or "2"',
                '  idleTimeout: "soon" is not a duration; write it like "60s", "30m" or "2h"',
            ].join("\n"),
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("JupyterHubAttachment", changes.jupyterHubAttachment);
        const values = async (given: JupyterHubAttachmentArgs) => JSON.stringify(await attached(make, given));
        const before = await values(args);
        const { namespace, release, serverImage, memory, cpuRequest, idleTimeout } = changes.jupyterHubAttachment as any;
        const plain = { namespace, release, serverImage, memory, cpuRequest, idleTimeout };
        for (const [field, value] of Object.entries(plain)) {
            assert.notEqual(await values({ ...args, [field]: value }), before, field);
        }
    });
});
