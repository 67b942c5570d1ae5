import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { clusterDown, clusterIsForeign, clusterIsRunning } from "../cluster";
import { forwardCommand, kubectl, type Behind, type KubeAccess } from "../support/kubectl";
import { scratch, state } from "../support/paths";
import { backend, copyStackFile, ensureStack, pulumi, type OpenStack, type Override } from "../support/pulumi";
import { runSteps } from "../support/steps";
import { deploy, endpointsOf, recover } from "./deploy";
import { writeEnvironment } from "./environment";
import { runFlights, waitForHistory, waitForIdle, type JobReport } from "./job";
import { checkOwnCluster, isOwnCluster } from "./own-cluster";
import { prepare } from "./prepare";

/** The dev stack, with its state where the user keeps it, and its file where the CLI may write into it. */
export async function openDevStack(access: KubeAccess, env: Record<string, string>): Promise<OpenStack> {
    const { env: backendEnv } = await backend(state);
    const own = access.context !== undefined;
    const file = await copyStackFile("Pulumi.dev.yaml", join(scratch, own ? "own-cluster" : "stacks"), ownCluster(access.context));
    const stack = { name: "dev", env: { ...env, ...backendEnv, PULUMI_OPTION_CONFIG_FILE: file } };
    await ensureStack(stack, scratch);
    // Away from the sandbox the tracked file does not say where the platform is: a plain `pulumi up` must not move it to the current context.
    await writeEnvironment({ ...env, ...backendEnv, ...(own && { PULUMI_OPTION_CONFIG_FILE: file }) });
    return stack;
}

function ownCluster(context: string | undefined): Override[] {
    const registry = process.env.IMAGE_REGISTRY;
    return [
        ...(context === undefined ? [] : [{ path: ["config", "spark-platform:cluster", "context"], value: context }]),
        ...(context === undefined || registry === undefined
            ? []
            : [{ path: ["config", "spark-platform:images", "registry"], value: registry }]),
    ];
}

/** From whatever the machine has to a result that Spark computed. */
export async function up(): Promise<void> {
    const started = Date.now();
    checkOwnCluster();
    const { access, env } = await prepare();
    let stack!: OpenStack;
    let report!: JobReport;
    let endpoints!: Awaited<ReturnType<typeof endpointsOf>>;
    let changed = "";
    await runSteps([
        {
            title: "Pulumi stack dev",
            run: async () => {
                stack = await openDevStack(access, env);
                return `state in ${(await backend(state)).description}`;
            },
        },
        {
            title: "pulumi up --stack dev",
            run: async () => {
                changed = await deployHere(stack, access);
                endpoints = await endpointsOf(stack);
                return changed;
            },
        },
        {
            title: "336,776 flights of 2013 through Spark Connect",
            run: async () => {
                report = await runFlights(access, endpoints);
                return `${report.rows} rows loaded in ${report.loadSeconds} s, analysed in ${report.analysisSeconds} s, executors: ${report.executors}`;
            },
        },
        {
            title: "event log in the History Server",
            run: async () =>
                `there after ${await waitForHistory(access, endpoints, report.application)} s, at most ${endpoints.historyLateSeconds} s late`,
        },
        {
            title: "executors without work go away",
            run: async () => {
                // Shown once: a platform that has not changed since it was is not watched for it again.
                const seen = /^\d+ unchanged$/.test(changed) ? undefined : await waitForIdle(access, endpoints);
                return seen === undefined ? `${endpoints.executorIdleSeconds} s after their last work` : `none left after ${seen} s`;
            },
        },
    ]);
    console.log(farewell(report, endpoints, access, Math.round((Date.now() - started) / 1000)));
}

/** Destroys the dev stack and, if it ran in the sandbox, the sandbox with its data. */
export async function down(): Promise<void> {
    const sandbox = !isOwnCluster();
    if (!sandbox || (await clusterIsRunning())) {
        await destroy();
    }
    if (sandbox && (await clusterIsForeign())) {
        console.log("cluster: started from another checkout, so it is left running");
    } else if (sandbox) {
        await clusterDown({ purge: true });
    }
}

async function destroy(): Promise<void> {
    const { access, env } = await prepare({ images: [] });
    await runSteps([
        {
            title: "pulumi destroy --stack dev",
            run: async () => {
                const stack = await openDevStack(access, env);
                await recover(stack);
                await pulumi(stack, ["destroy", "--stack", "dev", "--yes", "--skip-preview"]);
            },
        },
    ]);
}

/** The cluster of the last successful `up`: another one may lack what the state says is there, so it has to be looked up first. */
const lastCluster = join(state, "cluster");

async function deployHere(stack: OpenStack, access: KubeAccess): Promise<string> {
    const uid = await kubectl(access, ["get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}"]);
    const refresh = (await readFile(lastCluster, "utf8").catch(() => "")) !== uid;
    const changed = await deploy(stack, { refresh });
    await mkdir(state, { recursive: true, mode: 0o700 });
    await writeFile(lastCluster, uid);
    return changed;
}

function farewell(report: JobReport, endpoints: Awaited<ReturnType<typeof endpointsOf>>, access: KubeAccess, elapsed: number): string {
    const paste = (url: string, behind?: Behind) =>
        `${forwardCommand(url, behind)}${access.context === undefined ? "" : ` --context ${access.context}`}`;
    return [
        "",
        report.table,
        "",
        `Spark ${report.spark} answered; everything took ${elapsed} s.`,
        "",
        `Spark Connect   ${endpoints.connect}`,
        `                ${paste(endpoints.connect)}    then sc://localhost:15002`,
        `Spark UI        ${paste(endpoints.connect.replace(/:\d+$/, ":4040"), "statefulset")}    then http://localhost:4040`,
        `History Server  ${paste(endpoints.historyServer)}    then http://localhost:18080`,
        `Shell           . .sandbox/env    makes pulumi and kubectl of this platform yours`,
        "",
        `make down${access.context === undefined ? "" : ` KUBECONTEXT=${access.context}`}       takes it all away again`,
    ].join("\n");
}
