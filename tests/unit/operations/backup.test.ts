import assert from "node:assert/strict";

import { DatabaseBackup } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { backupArguments, storeArguments } from "../../../components/operations/backup/conf";
import * as changes from "../../support/changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";

const database = {
    host: "meta-postgres.team-a.svc",
    database: "metastore",
    credentialsSecret: "meta-credentials",
    clusterEndpoint: { namespace: "team-a", podLabels: { app: "postgres" }, clientLabels: { "db-client": "true" } },
};
const s3 = {
    endpoint: "http://store.team-a.svc:9000",
    pathStyle: true,
    credentialsSecret: "s3-keys",
    clusterEndpoint: { namespace: "team-a", podLabels: { app: "store" }, clientLabels: { "store-client": "true" } },
};
const args = { namespace: "team-a", image: "registry.example/backup:15", database, s3, bucket: "spark-backups" };
const restore = { backup: "20261121T020000Z-0a1b2c" };
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!;
const list = (made: Registered[]) => made.map(({ type, name }) => `${name} ${type}`);
const podOf = (made: Registered[]) => find(made, "meta-schedule").inputs.spec.jobTemplate.spec.template;

describe("DatabaseBackup", () => {
    it("makes a schedule, and a Job when a backup is to be brought back, in a preview too", async () => {
        const schedule = ["meta-network kubernetes:networking.k8s.io/v1:NetworkPolicy", "meta-schedule kubernetes:batch/v1:CronJob"];
        for (const preview of [false, true]) {
            assert.deepEqual(list(await record((opts) => new DatabaseBackup("meta", args, opts), { preview })), schedule);
            assert.deepEqual(list(await record((opts) => new DatabaseBackup("meta", { ...args, restore }, opts), { preview })), [
                schedule[0],
                "meta-restore kubernetes:batch/v1:Job",
                "meta-restore-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                schedule[1],
            ]);
        }
    });

    it("runs one at a time, every night, and never gives the schedule up", async () => {
        const { jobTemplate, ...spec } = find(await record((opts) => new DatabaseBackup("meta", args, opts)), "meta-schedule").inputs.spec;
        assert.deepEqual(spec, {
            schedule: "0 2 * * *",
            timeZone: "Etc/UTC",
            suspend: false,
            concurrencyPolicy: "Forbid",
            startingDeadlineSeconds: 3600,
            successfulJobsHistoryLimit: 3,
            failedJobsHistoryLimit: 3,
        });
        assert.equal(jobTemplate.spec.backoffLimit, 2);
        assert.equal(jobTemplate.spec.activeDeadlineSeconds, 7200);
    });

    it("tells the program where, and gives it keys by their Secrets only", async () => {
        const made = await record((opts) => new DatabaseBackup("meta", { ...args, retention: { days: 30 } }, opts));
        const [container] = podOf(made).spec.containers;
        assert.deepEqual(container.args, [
            ...["/opt/backup/backup.py", "--endpoint", "http://store.team-a.svc:9000", "--region", "us-east-1", "--path-style"],
            ...["--bucket", "spark-backups", "--prefix", "backups/meta", "backup", "--days", "30", "--keep", "7"],
        ]);
        const secret = (name: string, key: string) => ({ secretKeyRef: { name, key } });
        assert.deepEqual(container.env, [
            { name: "PGHOST", value: "meta-postgres.team-a.svc" },
            { name: "PGPORT", value: "5432" },
            { name: "PGDATABASE", value: "metastore" },
            { name: "PGUSER", valueFrom: secret("meta-credentials", "username") },
            { name: "PGPASSWORD", valueFrom: secret("meta-credentials", "password") },
            { name: "PGSSLMODE", value: "require" },
            { name: "AWS_ACCESS_KEY_ID", valueFrom: secret("s3-keys", "access-key") },
            { name: "AWS_SECRET_ACCESS_KEY", valueFrom: secret("s3-keys", "secret-key") },
        ]);
    });

    it("checks the database's certificate where its signer is known", async () => {
        const made = await record((opts) => new DatabaseBackup("meta", { ...args, database: { ...database, caSecret: "db-ca" } }, opts));
        const { containers, volumes } = podOf(made).spec;
        const env = containers[0].env.filter(({ name }: any) => name.startsWith("PGSSL"));
        assert.deepEqual(env, [
            { name: "PGSSLMODE", value: "verify-full" },
            { name: "PGSSLROOTCERT", value: "/etc/postgres-ca/ca.crt" },
        ]);
        assert.deepEqual(volumes[0], { name: "ca", secret: { secretName: "db-ca" } });
    });

    it("asks AWS without a word about where it is", () => {
        assert.deepEqual(storeArguments({ s3: { region: "eu-central-1" }, bucket: "b-1", prefix: "p" }), [
            ...["/opt/backup/backup.py", "--region", "eu-central-1", "--bucket", "b-1", "--prefix", "p"],
        ]);
        assert.deepEqual(backupArguments(undefined), ["backup"]);
    });

    it("reaches the database and the store, and nobody reaches it", async () => {
        const { ingress, egress } = find(await record((opts) => new DatabaseBackup("meta", args, opts)), "meta-network").inputs.spec;
        const to = (app: string, port: number) => ({
            to: [
                {
                    podSelector: { matchLabels: { app } },
                    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-a" } },
                },
            ],
            ports: [{ protocol: "TCP", port }],
        });
        assert.deepEqual(ingress, []);
        assert.deepEqual(egress, [to("postgres", 5432), to("store", 9000), toDns]);
        const { labels } = podOf(await record((opts) => new DatabaseBackup("meta", args, opts))).metadata;
        assert.deepEqual([labels["db-client"], labels["store-client"]], ["true", "true"]);
    });

    it("restores one backup, named by its id, once, and only when started", async () => {
        const job = async (start?: boolean) =>
            find(await record((opts) => new DatabaseBackup("meta", { ...args, restore: { ...restore, start } }, opts)), "meta-restore")
                .inputs;
        const standing = await job();
        assert.deepEqual(standing.spec.template.spec.containers[0].args.slice(-2), ["restore", restore.backup]);
        assert.equal(standing.spec.suspend, true);
        assert.equal(standing.spec.backoffLimit, 0);
        assert.equal(standing.metadata.annotations["pulumi.com/skipAwait"], "true");
        assert.equal(standing.metadata.name, undefined, "another backup is another Job");
        const started = await job(true);
        assert.equal(started.spec.suspend, false);
        assert.equal(started.metadata.annotations["pulumi.com/skipAwait"], undefined);
    });

    it("has an account of its own where a cloud grants it a role", async () => {
        const accountAnnotations = { role: "backups" };
        const made = await record((opts) => new DatabaseBackup("meta", { ...args, accountAnnotations }, opts));
        assert.deepEqual(find(made, "meta-account").inputs.metadata.annotations, accountAnnotations);
        assert.equal(podOf(made).spec.serviceAccountName, find(made, "meta-account").inputs.metadata.name);
        assert.deepEqual(find(made, "meta-schedule").options.dependsOn, ["meta-account", "meta-network"]);
        assert.throws(
            () => new DatabaseBackup("meta", { ...args, accountAnnotations, serviceAccount: "other" }),
            /accountAnnotations: is given together with serviceAccount; give one of the two$/,
        );
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const made = await record((opts) => new DatabaseBackup("meta", { ...args, restore, pod: { userIdFromNamespace } }, opts));
            for (const spec of [podOf(made).spec, find(made, "meta-restore").inputs.spec.template.spec]) {
                assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
            }
        }
    });

    it("names every wrong field", () => {
        const wrong = {
            namespace: "Team",
            image: "",
            database: { ...database, host: "a b" },
            s3: { endpoint: "store" },
            bucket: "x",
            prefix: "/p",
            schedule: "daily",
            timeZone: "Berlin",
            dumpStorage: "1m",
            memory: "64m",
            cpuRequest: "much",
            limitMinutes: 0,
            retention: { days: 0, keep: 0 },
            restore: { backup: "latest" },
            pod: { nodes: "fast" },
        };
        assert.throws(() => new DatabaseBackup("meta", wrong), {
            message: [
                'DatabaseBackup "meta" cannot be deployed as configured:',
                '  namespace: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  image: is missing",
                '  database: host "a b" is not the name of a server; write it like "db.example.org"',
                '  s3: endpoint "store" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                '  bucket: "x" has 1 characters; a bucket name has 3 to 63',
                '  prefix: "/p" is not a path in a bucket; use letters, digits, "." "_" "=" "-" and single "/", for example "logs/events"',
                '  schedule: "daily" is not a schedule; write minute, hour, day, month and weekday, like "0 2 * * *"',
                '  timeZone: "Berlin" is not a time zone; write it like "Europe/Berlin"',
                '  dumpStorage: "1m" is not a size of at least 64m; write it like "1500m" or "4g"',
                '  memory: "64m" is not a size of at least 256m; write it like "1500m" or "4g"',
                '  cpuRequest: "much" is not a CPU quantity; write it like "500m" or "2"',
                "  limitMinutes: 0 is not a whole number from 1",
                "  retention.days: 0 is not a whole number from 1",
                "  retention.keep: 0 is not a whole number from 1",
                '  restore.backup: "latest" is not the id of a backup; they look like "20261121T020000Z-0a1b2c"',
                '  pod.nodes: "fast" is not a kind of nodes; one of "karpenter-spot", "karpenter-on-demand", "eks-spot", "eks-on-demand", "gke-spot", "gke-on-demand", "aks-spot", "aks-on-demand"',
            ].join("\n"),
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("DatabaseBackup", changes.databaseBackup);
        const given = { ...args, retention: { days: 30 }, restore };
        await assertEveryFieldMatters((changed, opts) => new DatabaseBackup("meta", changed, opts), given, changes.databaseBackup);
    });
});
