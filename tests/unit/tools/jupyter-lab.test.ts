import assert from "node:assert/strict";

import { JupyterLab, type JupyterLabArgs } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { startArguments } from "../../../components/tools/jupyter-lab/conf";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import * as changes from "../../support/tool-changes";
import { classic } from "./arguments";

const args: JupyterLabArgs = {
    namespace: "team-a",
    image: "registry.example/jupyter-lab:4.1.0",
    connect: [{ url: "sc://c-connect.team-a.svc:15002", clientLabels: { "spark-platform/c-connect-client": "true" } }],
    historyServer: { url: "http://h-history.team-a.svc:18080", clientLabels: { "spark-platform/h-history-client": "true" } },
    tracking: { url: "http://m-mlflow.team-a.svc:5000", credentialsSecret: "m-mlflow-admin" },
};

const lab = (more = {}) => record((opts) => new JupyterLab("j", { ...args, ...more }, opts));
const find = (made: Registered[], name: string, type = "") => made.find((one) => one.name === name && one.type.includes(type))!;
const container = (made: Registered[]) => find(made, "j-server").inputs.spec.template.spec.containers[0];

describe("JupyterLab", () => {
    it("makes a token, a home, the server and its network, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new JupyterLab("j", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "j-address kubernetes:core/v1:Service",
                    "j-client-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "j-home kubernetes:core/v1:PersistentVolumeClaim",
                    "j-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "j-pod-names kubernetes:core/v1:Service",
                    "j-server kubernetes:apps/v1:StatefulSet",
                    "j-token kubernetes:core/v1:Secret",
                    "j-token random:index/randomPassword:RandomPassword",
                ],
            );
        }
    });

    it("asks for a token that stands in a Secret and nowhere else", async () => {
        const made = await lab();
        assert.equal(Buffer.from(find(made, "j-token", "Secret").inputs.data.token, "base64").toString(), "j-token-result");
        assert.doesNotMatch(JSON.stringify(find(made, "j-server").inputs), /j-token-result/);
        const { volumes } = find(made, "j-server").inputs.spec.template.spec;
        assert.deepEqual(
            volumes.find(({ name }: any) => name === "token"),
            { name: "token", secret: { secretName: "j-jupyter-token", items: [{ key: "token", path: "token" }] } },
        );
    });

    it("generates nothing where a token is given", async () => {
        const made = await lab({ tokenSecret: "ours" });
        assert.equal(
            made.some(({ name }) => name === "j-token"),
            false,
        );
        assert.match(JSON.stringify(find(made, "j-server").inputs), /"secretName":"ours"/);
    });

    it("tells sessions where Spark is, and notebooks where the history and the experiments are", async () => {
        const fromSecret = (key: string) => ({ secretKeyRef: { name: "m-mlflow-admin", key } });
        assert.deepEqual(container(await lab()).env, [
            { name: "HOME", value: "/home/spark" },
            { name: "JUPYTER_TOKEN_FILE", value: "/etc/jupyter-token/token" },
            { name: "SPARK_REMOTE", value: "sc://c-connect.team-a.svc:15002" },
            { name: "SPARK_HISTORY_URL", value: "http://h-history.team-a.svc:18080" },
            { name: "MLFLOW_TRACKING_URI", value: "http://m-mlflow.team-a.svc:5000" },
            { name: "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", value: "false" },
            { name: "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD", value: "false" },
            { name: "MLFLOW_TRACKING_USERNAME", valueFrom: fromSecret("username") },
            { name: "MLFLOW_TRACKING_PASSWORD", valueFrom: fromSecret("password") },
        ]);
        const alone = container(await record((opts) => new JupyterLab("j", { namespace: "team-a", image: "i" }, opts)));
        assert.deepEqual(
            alone.env.map(({ name }: any) => name),
            ["HOME", "JUPYTER_TOKEN_FILE"],
        );
    });

    it("stops kernels that nobody uses", () => {
        assert.deepEqual(startArguments("2h", {}), ["/opt/jupyter-lab/start.sh", "--MappingKernelManager.cull_idle_timeout=7200"]);
    });

    it("goes to its servers and nowhere else, and wears their labels", async () => {
        const made = await lab({ connect: [...(args.connect as []), { url: "sc://connect.example.org" }] });
        const { ingress, egress } = find(made, "j-network").inputs.spec;
        const team = { podSelector: { matchLabels: {} }, namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-a" } } };
        const way = (to: object, port: number) => ({ to: [to], ports: [{ protocol: "TCP", port }] });
        assert.deepEqual(ingress, [
            {
                from: [{ podSelector: { matchLabels: { "spark-platform/j-jupyter-client": "true" } } }],
                ports: [{ protocol: "TCP", port: 8888 }],
            },
        ]);
        assert.deepEqual(egress, [
            way(team, 15002),
            way({ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }, 15002),
            way(team, 18080),
            way(team, 5000),
            toDns,
        ]);
        const { labels } = find(made, "j-server").inputs.spec.template.metadata;
        assert.equal(labels["spark-platform/c-connect-client"], "true");
        assert.equal(labels["spark-platform/h-history-client"], "true");
    });

    it("runs a pod that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const [spec] = Object.values(podsOf(await lab({ pod: { userIdFromNamespace } })));
            assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
        }
    });

    it("names every wrong field at once, before anything is made", () => {
        const wrong = {
            namespace: "Team",
            image: "",
            memory: "100m",
            cpuRequest: "much",
            storage: "5Gi",
            storageClass: "",
            kernelIdleTimeout: "never",
            tokenSecret: "",
            clientNamespaces: ["b_c"],
            connect: [{ url: "http://connect:15002" }, { url: "sc://connect:15002/;token=abc" }],
            historyServer: { url: "history" },
            tracking: { url: "mlflow:5000" },
            serviceAccount: "",
        };
        const label = 'is not a DNS label; use lower-case letters, digits and "-", starting with a letter';
        const server = 'is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"';
        assert.throws(() => new JupyterLab("J", wrong), {
            message: [
                'JupyterLab "J" cannot be deployed as configured:',
                `  name: "J" ${label}`,
                `  namespace: "Team" ${label}`,
                "  image: is missing",
                '  memory: "100m" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  cpuRequest: "much" is not a CPU quantity; write it like "500m" or "2"',
                '  storage: "5Gi" is not a size of at least 1g; write it like "1500m" or "4g"',
                "  storageClass: is missing",
                '  kernelIdleTimeout: "never" is not a duration; write it like "60s", "30m" or "2h"',
                "  tokenSecret: is missing",
                `  clientNamespaces: "b_c" ${label}`,
                '  connect: url "http://connect:15002" is not the URL of a Connect server; write it like "sc://connect.team-a.svc:15002"; ' +
                    "url holds a token, which would be readable by everyone; give it by a Kubernetes Secret",
                `  historyServer: url "history" ${server}`,
                `  tracking: url "mlflow:5000" ${server}`,
                "  serviceAccount: is missing",
            ].join("\n"),
        });
    });

    it("is a driver itself where it is told how: settings, an account that makes executors, its own address, and keys from their Secret", async () => {
        const made = await lab({ classic, serviceAccount: "executor" });
        const { metadata, spec } = find(made, "j-server").inputs.spec.template;
        assert.equal(metadata.labels["spark-platform/c-classic-client"], "true");
        assert.equal(spec.serviceAccountName, "server");
        assert.deepEqual(podProblems(spec), []);
        const { env, volumeMounts } = container(made);
        assert.deepEqual(
            volumeMounts.map(({ mountPath }: any) => mountPath).filter((path: string) => /^\/(opt|var)/.test(path)),
            ["/opt/spark/conf", "/opt/spark/pod-template", "/var/run/secrets/kubernetes.io/serviceaccount"],
        );
        const names = env.map(({ name }: any) => name);
        assert.equal(new Set(names).size, names.length);
        for (const name of ["POD_NAME", "POD_IP", "SPARK_LOCAL_DIRS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
            assert.ok(names.includes(name), name);
        }
    });

    it("holds no token where executors are no pods, but the secret of the cluster they run on", async () => {
        const { serviceAccount: _, ...onStandalone } = classic;
        const made = await lab({ classic: { ...onStandalone, authenticationSecret: "shared" }, serviceAccount: "executor" });
        assert.equal(find(made, "j-server").inputs.spec.template.spec.serviceAccountName, "executor");
        assert.doesNotMatch(JSON.stringify(find(made, "j-server").inputs), /serviceAccountToken/);
        const { valueFrom } = container(made).env.find(({ name }: any) => name === "_SPARK_AUTH_SECRET");
        assert.deepEqual(valueFrom.secretKeyRef, { name: "shared", key: "secret" });
    });

    it("has no argument without effect", async () => {
        assertEveryField("JupyterLab", changes.jupyterLab, changes.classicSessions);
        const make = (given: JupyterLabArgs, opts: any) => new JupyterLab("j", given, opts);
        await assertEveryFieldMatters(make, args, changes.jupyterLab);
        await assertEveryFieldMatters(make, { ...args, classic }, changes.classicSessions);
    });
});
