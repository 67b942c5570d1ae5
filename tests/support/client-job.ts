import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import { driverEnvironment } from "../../components/spark/client-mode";
import { authenticationEnvironment } from "../../components/spark/standalone/client";
import { classicMounts, classicVolumes, type ClassicFacts } from "../../components/tools/classic";
import type { EndpointFacts } from "../../components/tools/endpoints";
import { kubectl } from "../../sandbox/support/kubectl";
import { checkout } from "../../sandbox/support/paths";
import { waitFor } from "../../sandbox/support/wait";
import { restrictedClient } from "./client-pod";
import { access } from "./platform";

/** What `clients/job.py` answers. */
export interface JobAnswer {
    application: string;
    master: string;
    version: string;
    count: number;
    total: number;
    /** Whether MLflow has kept what came of it; none where the client has no MLflow. */
    tracked?: boolean;
}

export const jobProgram = (): Promise<string> => readFile(join(checkout, "tests/e2e/clients/job.py"), "utf8");

/** The last line of what a client printed. */
export const answerIn = (text: string): JobAnswer => JSON.parse(text.trimEnd().split("\n").pop() ?? "") as JobAnswer;

export interface CliSettings {
    namespace: string;
    image: string;
    /** Directory of tables. */
    warehouse: string;
    /** Connect server; or what makes the pod a driver. */
    connect?: EndpointFacts;
    classic?: ClassicFacts;
}

const fromSecret = (name: string, secret: string | undefined, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret ?? "", key } },
});

/** Runs the job in a pod of its own, as a person or a pipeline would: a driver by `spark-submit`, a client of Connect by any Python. */
export async function submitJob({ namespace, image, warehouse, connect, classic }: CliSettings): Promise<JobAnswer> {
    const name = "cli";
    const here = (args: string[], input?: string) => kubectl(access, ["-n", namespace, ...args], { input });
    const manifest = restrictedClient(name, image);
    Object.assign(manifest.metadata.labels, connect?.clientLabels, classic?.clientLabels);
    const [container] = manifest.spec.containers;
    // Told --remote, spark-submit of 4.1 still makes a session of its own; whoever finds SPARK_REMOTE does not.
    const start = connect ? ["python3"] : ["/opt/spark/bin/spark-submit"];
    Object.assign(container!, {
        args: [...start, "/tmp/job/job.py", warehouse],
        env: [
            { name: "HOME", value: "/tmp" },
            ...(connect ? [{ name: "SPARK_REMOTE", value: connect.url }] : []),
            ...(classic
                ? [
                      ...driverEnvironment.filter((variable) => variable.name !== "HOME"),
                      ...(authenticationEnvironment(classic.authenticationSecret) as pulumi.Unwrap<
                          ReturnType<typeof authenticationEnvironment>
                      >),
                      fromSecret("AWS_ACCESS_KEY_ID", classic.credentialsSecret, "access-key"),
                      fromSecret("AWS_SECRET_ACCESS_KEY", classic.credentialsSecret, "secret-key"),
                  ]
                : []),
        ],
        resources: { requests: { cpu: "50m", memory: "512Mi" }, limits: { memory: "1500Mi" } },
        volumeMounts: [{ name: "job", mountPath: "/tmp/job", readOnly: true }, ...classicMounts(classic)],
    });
    const spec = {
        ...manifest.spec,
        restartPolicy: "Never",
        ...(classic?.serviceAccount && { serviceAccountName: classic.serviceAccount, automountServiceAccountToken: true }),
        volumes: [{ name: "job", configMap: { name } }, ...classicVolumes(classic)],
    };
    const files = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { "job.py": await jobProgram() } };
    await here(["delete", "pod", name, "--ignore-not-found", "--wait", "--grace-period=1"]);
    await here(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: [files, { ...manifest, spec }] }));
    const ended = async () => {
        const phase = await here(["get", "pod", name, "-o", "jsonpath={.status.phase}"]);
        return phase === "Succeeded" || phase === "Failed" ? phase : undefined;
    };
    const phase = await waitFor("the client has ended", ended, { seconds: 300 });
    const log = await here(["logs", name]);
    if (phase === "Failed") {
        throw new Error(log.split("\n").slice(-40).join("\n"));
    }
    return answerIn(
        log
            .split("\n")
            .filter((line) => line.startsWith('{"application"'))
            .join("\n"),
    );
}
