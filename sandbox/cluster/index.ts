import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { Resolver } from "node:dns/promises";
import { get } from "node:https";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { checkout, cluster } from "../support/paths";
import { runSteps, type Step } from "../support/steps";
import { waitFor } from "../support/wait";
import { clusterTools, ensureTools, findTool, tool, withLock } from "../toolchain";
import versions from "../versions.json";
import { makeCgroups, ourProcesses } from "./cgroups";
import { certificateFile, ensureCertificates } from "./certificates";
import { configFiles, writeConfigFiles } from "./config";
import { importOwnImages, ownImageBuilds } from "./images";
import { addresses, apiServerUrl, dataPaths, lockPlace, names, runPaths } from "./layout";
import { leftovers, rememberBefore, removeLeftovers, rotateLogs } from "./leftovers";
import { makeNetwork, setSysctls } from "./machine";
import { clusterObjects } from "./objects";
import { preflight, preflightForPeople } from "./preflight";
import { kubectlEnvironment, processes } from "./processes";

export { importImage } from "./images";
export { preflightForPeople } from "./preflight";

/** Who started the cluster that runs on this machine. */
interface Owner {
    checkout: string;
    since: string;
    kubernetes: string;
    /** Hash of everything that the cluster is made of. */
    identity: string;
}

/**
 * Starts the cluster of this machine, with the data of its last life. When it runs already, nothing is done.
 *
 * @throws Error when it cannot run here, or when another checkout runs a different one.
 */
export async function clusterUp(): Promise<void> {
    await preflightForPeople();
    await ensureTools(clusterTools);
    await exclusively(async () => {
        const owner = await runningOwner();
        if (owner?.identity === identity()) {
            await leaveRunning(owner);
            return;
        }
        if (owner !== undefined) {
            refuseForeign(owner);
            console.log("cluster: its versions or settings have changed since it was started, so its programs are restarted; pods run on");
        }
        await runSteps([...(owner === undefined ? cleanSteps() : [programsStop]), ...startSteps()]);
    });
}

async function leaveRunning(owner: Owner): Promise<void> {
    console.log(`cluster: runs since ${owner.since}, started from ${owner.checkout === checkout ? "this checkout" : owner.checkout}`);
    // A firewall that was loaded anew has forgotten our rules; what is there is left as it is.
    await makeNetwork();
    if (existsSync(runPaths.complete)) {
        await waitUntilReady();
    } else {
        await runSteps(lastSteps());
    }
}

/**
 * Stops the cluster and takes away everything that it made on the machine; `purge` deletes its data too.
 *
 * @throws Error when another checkout has started it.
 */
export async function clusterDown({ purge = false }: { purge?: boolean } = {}): Promise<void> {
    if (!(await anythingThere()) && !(purge && existsSync(cluster.data))) {
        console.log("cluster: not running");
        return;
    }
    await exclusively(async () => {
        const owner = await runningOwner();
        if (owner !== undefined && !isOurs(owner)) {
            throw new Error(
                `the sandbox cluster runs since ${owner.since}, started from ${owner.checkout}: stop it there with 'make cluster-down'`,
            );
        }
        await runSteps(stopSteps({ purge }));
    });
}

/** Whether the cluster runs and was started from another checkout, which alone stops it. */
export async function clusterIsForeign(): Promise<boolean> {
    const owner = await runningOwner();
    return owner !== undefined && !isOurs(owner);
}

/** What a checkout that was deleted has started is anybody's. */
const isOurs = (owner: Owner) => owner.checkout === checkout || !existsSync(owner.checkout);

/** Prints what runs, and since when. */
export async function clusterStatus(): Promise<void> {
    if (process.getuid?.() !== 0) {
        throw new Error("the state of the sandbox cluster is readable by root alone: run it with sudo");
    }
    const owner = await runningOwner();
    if (owner === undefined) {
        const left = await leftovers();
        console.log(
            left.length === 0
                ? "cluster: not running"
                : `cluster: not running, but this is left of it ('make cluster-down' removes it):\n${left.join("\n")}`,
        );
        return;
    }
    console.log(`cluster: Kubernetes ${owner.kubernetes} runs since ${owner.since}, started from ${owner.checkout}`);
    console.log(`kubeconfig: ${cluster.kubeconfig}`);
    for (const file of (await readdir(cluster.run)).filter((each) => each.endsWith(".pid"))) {
        const id = await processId(join(cluster.run, file));
        console.log(
            `${basename(file, ".pid").padEnd(24)} ${id === undefined ? "not running" : `process ${id}, ${residentMebibytes(id)} MiB`}`,
        );
    }
    console.log(
        await kubectl(["get", "nodes,pods", "--all-namespaces", "--output=wide"]).catch(() => "the API server does not answer yet"),
    );
}

/** Whether the cluster of this machine runs, whoever started it. */
export async function clusterIsRunning(): Promise<boolean> {
    return (await runningOwner()) !== undefined;
}

const exclusively = <T>(work: () => Promise<T>) =>
    withLock(lockPlace, work, () => {
        console.log("cluster: another process starts or stops it, waiting");
    });

async function runningOwner(): Promise<Owner | undefined> {
    // One of the two that watch each other is enough: it is bringing the other back.
    const watcher = (await processId(runPaths.supervisorPid)) ?? (await processId(runPaths.guardianPid));
    if (watcher === undefined || !existsSync(runPaths.owner)) {
        return undefined;
    }
    return JSON.parse(await readFile(runPaths.owner, "utf8")) as Owner;
}

async function anythingThere(): Promise<boolean> {
    return (await clusterIsRunning()) || (await leftovers()).length > 0;
}

/** The process that a file names, if it lives and is one of the cluster's. */
async function processId(file: string): Promise<number | undefined> {
    const id = Number(await readFile(file, "utf8").catch(() => "0"));
    return id > 0 && ourProcesses().includes(id) ? id : undefined;
}

function residentMebibytes(id: number): number {
    const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? "0";
    return Math.round(Number(kibibytes) / 1024);
}

function refuseForeign(owner: Owner): void {
    if (!isOurs(owner)) {
        throw new Error(
            `a different sandbox cluster (Kubernetes ${owner.kubernetes}) runs on this machine since ${owner.since}, started from ${owner.checkout}; ` +
                `there can be one: stop it there with 'make cluster-down', or update one of the two checkouts to the other's version`,
        );
    }
}

/** What the cluster is made of, without the places where its programs are. */
function identity(): string {
    const programs = processes().map(({ command: [program = "", ...args], after }) => [
        basename(dirname(program)),
        basename(program),
        args,
        after,
    ]);
    return createHash("sha256")
        .update(JSON.stringify([programs, ownImageBuilds(), configFiles(), clusterObjects("")]))
        .digest("hex");
}

function cleanSteps(): Step[] {
    return [
        {
            title: "what an earlier life left",
            run: async (report) => {
                const left = await leftovers();
                if (left.length > 0) {
                    await removeLeftovers(report);
                }
                return left.length === 0 ? "nothing" : "removed";
            },
        },
        {
            title: "this machine",
            run: async () => {
                await preflight();
                return "has what is needed";
            },
        },
    ];
}

const programsStop: Step = { title: "stopping Kubernetes programs", run: stopSupervisor };

function startSteps(): Step[] {
    return [
        { title: "certificates, configuration, network", run: prepareMachine },
        {
            title: "Kubernetes programs",
            run: async () => {
                await startSupervisor();
                return `Kubernetes ${versions.kubernetes} answers at ${apiServerUrl}`;
            },
        },
        ...lastSteps(),
    ];
}

/** Until the cluster can be used; each can be repeated. */
function lastSteps(): Step[] {
    return [
        { title: "images of the cluster's own pods", run: importOwnImages },
        { title: "node, names and metrics", run: finishStart },
    ];
}

async function prepareMachine(): Promise<void> {
    await rememberBefore();
    await mkdir(cluster.run, { recursive: true, mode: 0o700 });
    for (const directory of [dataPaths.etcd, dataPaths.volumes, dataPaths.kubelet]) {
        await mkdir(directory, { recursive: true, mode: 0o700 });
    }
    await rotateLogs();
    await ensureCertificates();
    await writeConfigFiles();
    await setSysctls();
    await makeNetwork();
}

async function startSupervisor(): Promise<void> {
    await Promise.all([runPaths.stopping, runPaths.complete].map((mark) => rm(mark, { force: true })));
    const config = { run: cluster.run, cgroups: await makeCgroups(), processes: processes() };
    await writeFile(runPaths.supervisor, JSON.stringify(config, undefined, 2), { mode: 0o600 });
    const owner: Owner = { checkout, since: new Date().toISOString(), kubernetes: versions.kubernetes, identity: identity() };
    const log = openSync(join(dataPaths.logs, "supervisor.log"), "a", 0o600);
    const path = ["/usr/local/sbin", "/usr/sbin", "/sbin", process.env.PATH ?? ""].join(":");
    spawn(tool("supervisor"), [runPaths.supervisor], {
        detached: true,
        stdio: ["ignore", "ignore", log],
        env: { PATH: path },
        cwd: "/",
    }).unref();
    await writeFile(runPaths.owner, JSON.stringify(owner), { mode: 0o600 });
    await waitFor(`the API server answers ${logs}`, apiServerIsReady, { seconds: 60, everySeconds: 0.2 });
}

async function finishStart(): Promise<string> {
    const objects = { apiVersion: "v1", kind: "List", items: clusterObjects(await readFile(certificateFile("ca"), "utf8")) };
    await kubectl(["apply", "--server-side", "--force-conflicts", "--filename=-"], JSON.stringify(objects));
    await waitUntilReady();
    await writeFile(runPaths.complete, "");
    return `ready, kubeconfig ${cluster.kubeconfig}`;
}

/** For what is not ready in time. */
const logs = `(logs in ${dataPaths.logs}; 'make cluster-down PURGE=1' and 'make cluster-up' start afresh, without the data)`;

/** Node, names and metrics, each asked for real: what the API server remembers may be of an earlier life. */
async function waitUntilReady(): Promise<void> {
    await waitFor(`the API server answers ${logs}`, apiServerIsReady, { seconds: 60, everySeconds: 0.2 });
    await waitFor(`the node is ready ${logs}`, nodeIsReady, { seconds: 60, everySeconds: 0.2 });
    await waitFor(`names of Services resolve ${logs}`, namesResolve, { seconds: 60, everySeconds: 0.2 });
    await waitFor(`the metrics API answers ${logs}`, metricsAnswer, { seconds: 60, everySeconds: 0.5 });
}

function apiServerIsReady(): Promise<true | undefined> {
    return new Promise((resolve) => {
        const request = get(`${apiServerUrl}/readyz`, { rejectUnauthorized: false, timeout: 2000 }, (response) => {
            response.resume();
            resolve(response.statusCode === 200 ? true : undefined);
        });
        request.on("timeout", () => request.destroy());
        request.on("error", () => {
            resolve(undefined);
        });
    });
}

interface Node {
    status: { conditions: { type: string; status: string; lastHeartbeatTime: string }[] };
}

async function nodeIsReady(): Promise<true | undefined> {
    const { since } = JSON.parse(await readFile(runPaths.owner, "utf8")) as Owner;
    const answer = await kubectl(["get", "node", names.node, "--output=json"]).catch(() => undefined);
    const condition =
        answer === undefined ? undefined : (JSON.parse(answer) as Node).status.conditions.find(({ type }) => type === "Ready");
    const isOfThisLife = Date.parse(condition?.lastHeartbeatTime ?? "") >= Math.floor(Date.parse(since) / 1000) * 1000;
    return condition?.status === "True" && isOfThisLife ? true : undefined;
}

async function namesResolve(): Promise<true | undefined> {
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([addresses.dns]);
    const found = await resolver.resolve4("kubernetes.default.svc.cluster.local").catch(() => [] as string[]);
    return found.includes(addresses.apiService) ? true : undefined;
}

async function metricsAnswer(): Promise<true | undefined> {
    const answer = await kubectl(["get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes"]).catch(() => "");
    return answer.includes(names.node) ? true : undefined;
}

async function kubectl(args: string[], input?: string): Promise<string> {
    const { stdout } = await execa(tool("kubectl"), args, { env: kubectlEnvironment, input });
    return stdout;
}

function stopSteps({ purge }: { purge: boolean }): Step[] {
    return [
        { title: "stopping pods", run: () => stopPods(purge ? 2 : 20) },
        programsStop,
        { title: "cleaning the machine", run: removeLeftovers },
        ...(purge ? [{ title: "deleting data", run: () => rm(cluster.data, { recursive: true, force: true }) }] : []),
        {
            title: "looking for what is left",
            run: async () => {
                const left = await leftovers(true);
                if (left.length > 0) {
                    throw new Error(`the cluster was stopped, but this is left of it:\n${left.join("\n")}`);
                }
                return "nothing";
            },
        },
    ];
}

/**
 * Pods end as they do when a node is drained: in order, with their time to finish. The controllers and the scheduler are
 * frozen before, so that nobody makes new ones.
 */
async function stopPods(graceSeconds: number): Promise<string> {
    for (const name of ["kube-controller-manager", "kube-scheduler"]) {
        const id = await processId(join(cluster.run, `${name}.pid`));
        if (id !== undefined) {
            process.kill(id, "SIGSTOP");
        }
    }
    const program = findTool("kubectl");
    if (program === undefined || (await apiServerIsReady()) === undefined) {
        return "the API server cannot be asked, so they are killed with the rest";
    }
    const grace = [`--grace-period=${graceSeconds}`, `--timeout=${graceSeconds + 10}s`];
    const result = await execa(program, ["delete", "pods", "--all", "--all-namespaces", ...grace], {
        env: kubectlEnvironment,
        reject: false,
        timeout: (graceSeconds + 20) * 1000,
    });
    const count = result.stdout.split("\n").filter((line) => line.includes("deleted")).length;
    return result.failed ? `${count} told to stop, not all did in time` : `${count} stopped`;
}

async function stopSupervisor(): Promise<void> {
    if (!existsSync(cluster.run)) {
        return;
    }
    // Neither of the two watchers may bring the other back.
    await writeFile(runPaths.stopping, "");
    for (const file of [runPaths.guardianPid, runPaths.supervisorPid]) {
        const id = await processId(file);
        if (id !== undefined) {
            process.kill(id, "SIGTERM");
            await gone(id, 40);
        }
    }
}

/** Waits for a process to end; one that does not is killed later, with the rest. */
async function gone(id: number, seconds: number): Promise<void> {
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline && ourProcesses().includes(id);) {
        await sleep(100);
    }
}
