import assert from "node:assert/strict";
import { join } from "node:path";

import { forward, kubectl, serviceOf } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { sparkLine, testedVersions } from "../../components/internal/spark-versions";
import { s3aConf } from "../../components/storage/s3a";
import { restrictedClient } from "../support/client-pod";
import { askHistory } from "../support/history";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { platform } from "./hooks";

interface Application {
    id: string;
    name: string;
    attempts: { appSparkVersion: string; completed: boolean }[];
}

/** What a pod of the History Server's own kind knows: where the logs are, and what lets it in to the store. */
interface Template {
    metadata: { labels: Record<string, string> };
    spec: { containers: [{ image: string; env: { name: string; valueFrom?: { secretKeyRef?: object } }[] }] };
}

const namespace = () => platform().endpoints.namespace;
const nameOf = (version: string) => `pi-${version.replaceAll(".", "-")}`;

async function templateOf(): Promise<Template> {
    const { service } = serviceOf(platform().endpoints.historyServer);
    const found = await kubectl(access, ["get", "statefulset", service, "-n", namespace(), "-o", "json"]);
    return (JSON.parse(found) as { spec: { template: Template } }).spec.template;
}

/** A whole application in one pod of a line, with its log beside those of the platform's own servers. */
function application(version: string, template: Template) {
    const [{ image, env }] = template.spec.containers;
    const pod = restrictedClient(nameOf(version), image.replace(/spark:[^:]+$/, `spark:${version}`));
    const store = { endpoint: platform().endpoints.objectStore, pathStyle: true, credentialsSecret: "given" };
    const conf = {
        ...(s3aConf(sparkLine(version), store) as Record<string, string | boolean>),
        "spark.driver.memory": "512m",
        "spark.eventLog.enabled": true,
        "spark.eventLog.rolling.enabled": true,
        "spark.eventLog.dir": "s3a://spark-logs/events",
    };
    const [container] = pod.spec.containers;
    Object.assign(container!, {
        args: [
            "/opt/spark/bin/spark-submit",
            ...["--master", "local[1]"],
            ...Object.entries(conf).flatMap(([key, value]) => ["--conf", `${key}=${value}`]),
            ...["/opt/spark/examples/src/main/python/pi.py", "2"],
        ],
        env: [{ name: "HOME", value: "/tmp" }, ...env.filter(({ valueFrom }) => valueFrom?.secretKeyRef)],
        resources: { requests: { cpu: "50m", memory: "1Gi" }, limits: { memory: "1Gi" } },
    });
    // The store's label, and none of those that the History Server's own Service looks for.
    const clientLabels = Object.entries(template.metadata.labels).filter(([key]) => key.startsWith("spark-platform/"));
    Object.assign(pod.metadata.labels, Object.fromEntries(clientLabels));
    return { ...pod, spec: { ...pod.spec, restartPolicy: "Never" } };
}

const inHistory = <T>(path: string) => askHistory<T>(platform().endpoints.historyServer, path);

const remove = () =>
    kubectl(access, ["delete", "pod", ...testedVersions.map(nameOf), "-n", namespace(), "--ignore-not-found", "--grace-period=1"]);

describe("the History Server", () => {
    let earlier: string[];

    before(async () => {
        await remove();
        earlier = (await inHistory<Application[]>("/applications")).map(({ id }) => id);
        const template = await templateOf();
        for (const version of testedVersions) {
            await kubectl(access, ["create", "-n", namespace(), "-f", "-"], { input: JSON.stringify(application(version, template)) });
        }
        const pods = testedVersions.map((version) => `pod/${nameOf(version)}`);
        await kubectl(access, ["wait", "-n", namespace(), ...pods, "--for=jsonpath={.status.phase}=Succeeded", "--timeout=240s"]);
    });

    after(remove);

    it("shows applications of every line, from one directory", async () => {
        for (const version of testedVersions) {
            const [shown] = await waitFor(
                `the application of Spark ${version} is shown`,
                async () => {
                    const all = await inHistory<Application[]>("/applications");
                    const found = all.filter(
                        ({ id, name, attempts }) =>
                            !earlier.includes(id) &&
                            name === "PythonPi" &&
                            attempts.every((one) => one.completed && one.appSparkVersion === version),
                    );
                    return found.length > 0 ? found : undefined;
                },
                { seconds: platform().endpoints.historyLateSeconds + 30 },
            );
            const jobs = await inHistory<{ status: string }[]>(`/applications/${shown?.id}/jobs`);
            assert.deepEqual(
                jobs.map(({ status }) => status),
                ["SUCCEEDED"],
            );
        }
    });
});

describe("the portal of histories", () => {
    let program: Program;
    let page: (path: string) => Promise<string>;

    before(async () => {
        const { historyServer } = platform().endpoints;
        program = new Program(join(__dirname, "programs/portal"), { NAMESPACE: namespace(), HISTORY_URL: historyServer });
        await program.init();
        await program.up();
        const { address } = await program.outputs<{ address: string }>();
        page = async (path) => {
            const tunnel = await forward(access, address);
            try {
                return await (await fetch(`http://127.0.0.1:${tunnel.port}${path}`)).text();
            } finally {
                tunnel.close();
            }
        };
    });

    after(() => program.remove());

    it("leads to each server, whose pages then stay below its name", async () => {
        assert.match(await page("/"), /<a href="team-a\/">team-a<\/a>/);
        const applications = await waitFor(
            "the portal may go to the server",
            async () => {
                const answer = await page("/team-a/api/v1/applications");
                return answer.startsWith("[") ? (JSON.parse(answer) as Application[]) : undefined;
            },
            { seconds: 30 },
        );
        assert.ok(applications.length > 0);
        const jobs = await page(`/team-a/history/${applications[0]?.id}`);
        const links = [...jobs.matchAll(/href="(\/[^"]*)"/g)].map(([, link = ""]) => link);
        assert.ok(links.length > 5);
        assert.deepEqual(
            links.filter((link) => !link.startsWith("/team-a/")),
            [],
        );
    });
});
