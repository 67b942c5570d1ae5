import assert from "node:assert/strict";

import { JupyterHub, type JupyterHubArgs } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import * as changes from "../../support/tool-changes";
import { database } from "./arguments";

const args: JupyterHubArgs = {
    namespace: "team-a",
    image: "registry.example/jupyter-hub:6.1.1",
    serverImage: "registry.example/jupyter-lab:4.1.0",
    users: ["ada", "grace"],
    connect: [{ url: "sc://c-connect.team-a.svc:15002", clientLabels: { "connect-client": "true" } }],
    historyServer: { url: "http://h-history.team-a.svc:18080", clientLabels: { "history-client": "true" } },
    tracking: { url: "http://m-mlflow.team-a.svc:5000", credentialsSecret: "m-mlflow-admin" },
};
const oidc = {
    authorizeUrl: "https://login.example.org/authorize",
    tokenUrl: "https://login.example.org/token",
    userInfoUrl: "https://login.example.org/me",
    clientId: "hub",
    clientSecret: "hub-oidc",
    groups: ["analysts"],
};

const hub = (more = {}) => record((opts) => new JupyterHub("j", { ...args, ...more }, opts));
const find = (made: Registered[], name: string, type = "") => made.find((one) => one.name === name && one.type.includes(type))!.inputs;
const settings = (made: Registered[]) => JSON.parse(find(made, "j-settings").data["settings.json"]);
const hubContainer = (made: Registered[]) => find(made, "j-hub").spec.template.spec.containers[0];

/** The pod that the hub makes of a user's server, by the rules of its spawner. */
function userPod(made: Registered[]): any {
    const { image, cmd, environment, volumes, volume_mounts, extra_container_config, extra_pod_config } = settings(made).KubeSpawner;
    const env = Object.entries<any>(environment).map(([name, value]) => (typeof value === "string" ? { name, value } : value));
    const container = { name: "notebook", image, args: cmd, env, volumeMounts: volume_mounts, ...extra_container_config };
    return { containers: [container], volumes, ...extra_pod_config };
}

describe("JupyterHub", () => {
    it("makes the hub, the proxy, their keys, a password for each user, and networks, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new JupyterHub("j", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type.split(":")[2]}`),
                [
                    "j-account ServiceAccount",
                    "j-address Service",
                    "j-binding RoleBinding",
                    "j-client-network NetworkPolicy",
                    "j-cookie-secret RandomBytes",
                    "j-data PersistentVolumeClaim",
                    "j-hub Deployment",
                    "j-hub-address Service",
                    "j-hub-network NetworkPolicy",
                    "j-keys Secret",
                    "j-password-ada RandomPassword",
                    "j-password-grace RandomPassword",
                    "j-passwords Secret",
                    "j-proxy Deployment",
                    "j-proxy-address Service",
                    "j-proxy-network NetworkPolicy",
                    "j-proxy-token RandomPassword",
                    "j-role Role",
                    "j-settings ConfigMap",
                    "j-user-server-network NetworkPolicy",
                ],
            );
        }
    });

    it("lets in the users named, each with a password that only the hub's pod sees", async () => {
        const made = await hub({ admins: ["ada"] });
        assert.deepEqual(settings(made).PasswordFiles, {
            allowed_users: ["ada", "grace"],
            admin_users: ["ada"],
            allow_existing_users: false,
            directory: "/etc/jupyter-hub-passwords",
        });
        const passwords = find(made, "j-passwords", "Secret").data;
        assert.equal(Buffer.from(passwords.grace, "base64").toString(), "j-password-grace-result");
        const { volumes } = find(made, "j-hub").spec.template.spec;
        assert.deepEqual(
            volumes.find(({ name }: any) => name === "passwords"),
            { name: "passwords", secret: { secretName: "j-jupyterhub-passwords" } },
        );
        assert.doesNotMatch(JSON.stringify(made.filter(({ type }) => /ConfigMap|Deployment/.test(type))), /-result|-hex/);
    });

    it("generates no passwords where they are given", async () => {
        const made = await hub({ passwordsSecret: "ours" });
        assert.equal(
            made.some(({ name }) => name.startsWith("j-password")),
            false,
        );
        assert.match(JSON.stringify(find(made, "j-hub")), /"secretName":"ours"/);
    });

    it("sends people to a provider, and lets in whom it says to be of a group", async () => {
        const made = await hub({ users: undefined, oidc, publicUrl: "https://jupyter.example.org/" });
        assert.equal(settings(made).JupyterHub.authenticator_class, "generic-oauth");
        assert.deepEqual(settings(made).GenericOAuthenticator, {
            allowed_users: [],
            admin_users: [],
            allow_existing_users: false,
            authorize_url: "https://login.example.org/authorize",
            token_url: "https://login.example.org/token",
            userdata_url: "https://login.example.org/me",
            client_id: "hub",
            oauth_callback_url: "https://jupyter.example.org/hub/oauth_callback",
            username_claim: "preferred_username",
            scope: ["openid", "profile"],
            manage_groups: true,
            auth_state_groups_key: "oauth_user.groups",
            allowed_groups: ["analysts"],
        });
        assert.deepEqual(hubContainer(made).env.find(({ name }: any) => name === "OAUTH_CLIENT_SECRET").valueFrom.secretKeyRef, {
            name: "hub-oidc",
            key: "client-secret",
        });
        assert.equal(
            made.some(({ name }) => name.startsWith("j-password")),
            false,
        );
    });

    it("gives users pods that the restricted standard admits, without a token, that know where Spark is", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const made = await hub({ server: { pod: { userIdFromNamespace } }, pod: { userIdFromNamespace } });
            for (const spec of [...Object.values(podsOf(made)), userPod(made)]) {
                assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
            }
        }
        const pod = userPod(await hub());
        assert.equal(pod.automountServiceAccountToken, false);
        assert.deepEqual(pod.containers[0].env, [
            { name: "HOME", value: "/home/spark" },
            { name: "SPARK_REMOTE", value: "sc://c-connect.team-a.svc:15002" },
            { name: "SPARK_HISTORY_URL", value: "http://h-history.team-a.svc:18080" },
            { name: "MLFLOW_TRACKING_URI", value: "http://m-mlflow.team-a.svc:5000" },
            { name: "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", value: "false" },
            { name: "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD", value: "false" },
            { name: "MLFLOW_TRACKING_USERNAME", valueFrom: { secretKeyRef: { name: "m-mlflow-admin", key: "username" } } },
            { name: "MLFLOW_TRACKING_PASSWORD", valueFrom: { secretKeyRef: { name: "m-mlflow-admin", key: "password" } } },
        ]);
        assert.deepEqual(pod.containers[0].args, ["/opt/jupyter-lab/start.sh", "--MappingKernelManager.cull_idle_timeout=3600"]);
    });

    it("makes users' pods and homes that are told from those of another hub, and deletes no home", async () => {
        const made = await hub();
        const { KubeSpawner: spawner } = settings(made);
        assert.equal(spawner.pod_name_template, "j-user-{user_server}");
        assert.equal(spawner.pvc_name_template, "j-user-{user_server}");
        assert.deepEqual(
            spawner.volumes.find(({ name }: any) => name === "home"),
            { name: "home", persistentVolumeClaim: { claimName: "j-user-{user_server}" } },
        );
        assert.equal(spawner.delete_pvc, false);
        assert.deepEqual(
            { ...spawner.common_labels, "app.kubernetes.io/component": spawner.component_label },
            {
                "app.kubernetes.io/name": "jupyter-hub",
                "app.kubernetes.io/component": "user-server",
                "app.kubernetes.io/instance": "j",
                "app.kubernetes.io/part-of": "spark-platform",
                "app.kubernetes.io/managed-by": "pulumi",
            },
        );
        assert.deepEqual(spawner.extra_labels, { "connect-client": "true", "history-client": "true" });
        assert.ok(find(made, "j-role").rules.every(({ resources, verbs }: any) => resources[0] === "pods" || !verbs.includes("delete")));
    });

    it("opens the ways between its parts and no other: servers reach neither each other nor Kubernetes", async () => {
        const made = await hub();
        const { ingress, egress } = find(made, "j-user-server-network").spec;
        const roles = (peers: any[]) => peers.map(({ podSelector }) => podSelector?.matchLabels["app.kubernetes.io/component"]);
        assert.deepEqual(
            ingress.map(({ from, ports }: any) => [roles(from), ports[0].port]),
            [[["proxy", "hub"], 8888]],
        );
        assert.deepEqual(
            egress.slice(0, -1).map(({ ports }: any) => ports[0].port),
            [8081, 15002, 18080, 5000],
        );
        assert.deepEqual(egress.at(-1), toDns);
        const hubNetwork = find(made, "j-hub-network").spec;
        assert.deepEqual(
            hubNetwork.ingress.map(({ from, ports }: any) => [roles(from), ports[0].port]),
            [[["proxy", "user-server", "hub"], 8081]],
        );
        assert.deepEqual(
            hubNetwork.egress.slice(0, 3).map(({ to, ports }: any) => [roles(to), ports[0].port]),
            [
                [["hub"], 8081],
                [["proxy"], 8001],
                [["user-server"], 8888],
            ],
        );
        const proxy = find(made, "j-proxy-network").spec;
        assert.deepEqual(
            proxy.ingress.map(({ from, ports }: any) => [roles(from)[0], ports[0].port]),
            [
                [undefined, 8000],
                ["hub", 8001],
            ],
        );
    });

    it("keeps its records on a volume, or in a database whose password is in no address", async () => {
        assert.equal(settings(await hub()).JupyterHub.db_url, "sqlite:////srv/jupyter-hub/hub.sqlite");
        const made = await hub({ database });
        assert.equal(settings(made).JupyterHub.db_url, "postgresql+psycopg2://");
        assert.equal(
            made.some(({ name }) => name === "j-data"),
            false,
        );
        const ports = find(made, "j-hub-network").spec.egress.flatMap(({ ports: some }: any) => some.map(({ port }: any) => port));
        assert.ok(ports.includes(5432));
        assert.ok(hubContainer(made).env.some(({ name }: any) => name === "PGPASSWORD"));
    });

    it("stops servers that nobody uses, with rights to that and nothing else", async () => {
        const { services, load_roles } = settings(await hub({ server: { idleTimeout: "30m" } })).JupyterHub;
        assert.deepEqual(services[0].command, ["python3", "-m", "jupyterhub_idle_culler", "--timeout=1800"]);
        assert.deepEqual(load_roles[0].scopes, ["list:users", "read:users:activity", "read:servers", "delete:servers"]);
    });

    it("shows numbers about the hub to Prometheus, which has no token, and to nobody where it is not watched", async () => {
        const made = await hub({ monitoring: { interval: "15s" } });
        const { spec } = find(made, "j-monitor");
        assert.deepEqual(
            spec.podMetricsEndpoints.map(({ port, path, interval }: any) => [port, path, interval]),
            [["http", "/hub/metrics", "15s"]],
        );
        assert.deepEqual(spec.selector.matchLabels, find(made, "j-hub").spec.selector.matchLabels);
        assert.equal(settings(made).JupyterHub.authenticate_prometheus, false);
        assert.equal(find(made, "j-hub-network").spec.ingress[1].ports[0].port, 8081);
        assert.equal(settings(await hub()).JupyterHub.authenticate_prometheus, undefined);
        assert.equal(find(await hub(), "j-hub-network").spec.ingress.length, 1);
    });

    it("names every wrong field at once, before anything is made", () => {
        const label = 'is not a DNS label; use lower-case letters, digits and "-", starting with a letter';
        const url = 'is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"';
        const web = 'is not a web address; write it like "https://login.example.org/oauth2/token"';
        const cpu = 'is not a CPU quantity; write it like "500m" or "2"';
        const size = (from: string) => `is not a size of at least ${from}; write it like "1500m" or "4g"`;
        const user =
            'is not the name of a user; use at most 63 lower-case letters, digits, ".", "_" and "-", with a letter or digit at both ends';
        const wrong = {
            namespace: "Team",
            image: "",
            serverImage: "",
            database: { ...database, port: 0 },
            connect: [{ url: "spark://x:7077" }],
            historyServer: { url: "history" },
            tracking: { url: "mlflow" },
            users: ["../ada"],
            admins: ["grace"],
            passwordsSecret: "ours",
            oidc: {
                authorizeUrl: "login",
                tokenUrl: "",
                userInfoUrl: "ftp://x",
                clientId: "",
                clientSecret: "",
                usernameClaim: "",
                scopes: [],
            },
            server: { memory: "1", cpuRequest: "x", storage: "1m", idleTimeout: "soon", maximum: 0, storageClass: "", serviceAccount: "" },
            memory: "1m",
            cpuRequest: "0",
            storage: "1m",
            storageClass: "",
            clientNamespaces: ["b_c"],
            apiServer: [],
        };
        assert.throws(() => new JupyterHub("J", wrong), {
            message: [
                'JupyterHub "J" cannot be deployed as configured:',
                `  name: "J" ${label}`,
                `  namespace: "Team" ${label}`,
                "  image: is missing",
                "  serverImage: is missing",
                "  database: port 0 is not a port",
                '  connect: url "spark://x:7077" is not the URL of a Connect server; write it like "sc://connect.team-a.svc:15002"',
                `  historyServer: url "history" ${url}`,
                `  tracking: url "mlflow" ${url}`,
                '  admins: "grace" is none of users',
                `  oidc.authorizeUrl: "login" ${web}`,
                "  oidc.tokenUrl: is missing",
                `  oidc.userInfoUrl: "ftp://x" ${web}`,
                "  oidc.clientId: is missing",
                "  oidc.clientSecret: is missing",
                "  oidc.usernameClaim: is missing",
                "  oidc.scopes: is empty; give at least one",
                `  server.memory: "1" ${size("512m")}`,
                `  server.cpuRequest: "x" ${cpu}`,
                `  server.storage: "1m" ${size("64m")}`,
                "  server.storageClass: is missing",
                '  server.idleTimeout: "soon" is not a duration; write it like "60s", "30m" or "2h"',
                "  server.maximum: 0 is not a whole number from 1",
                "  server.serviceAccount: is missing",
                `  memory: "1m" ${size("256m")}`,
                `  cpuRequest: "0" ${cpu}`,
                `  storage: "1m" ${size("64m")}`,
                "  storageClass: is missing",
                `  clientNamespaces: "b_c" ${label}`,
                "  apiServer: is empty; give at least one",
                `  users: "../ada" ${user}`,
                "  passwordsSecret: is given together with oidc; give one of the two",
                "  publicUrl: is missing; with oidc the provider must know where to send people back to",
                "  storage: is given together with database; give one of the two",
            ].join("\n"),
        });
        assert.throws(() => new JupyterHub("j", { ...args, users: [] }), {
            message:
                'JupyterHub "j" cannot be deployed as configured:\n' +
                "  users: is empty: nobody could log in; name users, or groups in oidc",
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("JupyterHub", changes.jupyterHub, changes.jupyterHubWithOidc, changes.jupyterHubDatabase);
        const make = (given: JupyterHubArgs, opts: any) => new JupyterHub("j", given, opts);
        await assertEveryFieldMatters(make, args, changes.jupyterHub);
        await assertEveryFieldMatters(make, { ...args, oidc, publicUrl: "https://jupyter.example.org" }, changes.jupyterHubWithOidc);
        await assertEveryFieldMatters(make, { ...args, database }, changes.jupyterHubDatabase);
    });
});
