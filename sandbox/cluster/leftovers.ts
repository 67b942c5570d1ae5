import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, readdir, readlink, rename, rm, rmdir, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { cluster } from "../support/paths";
import { leftCgroups, ourProcesses, removeCgroups } from "./cgroups";
import { dataPaths, names } from "./layout";
import { mountsBelow, ourInterfaces, ourRulesLeft, ourSets, removeInterfaces, removeRules, restoreSysctls, unmountBelow } from "./machine";

/**
 * Directories whose place programs of the cluster have fixed in their code. What was not there before the first start is
 * removed by `down`, when nothing of anybody else's is in it.
 */
const fixedDirectories = ["/var/lib/cni", "/var/log/containers", "/var/lib/kubelet", "/run/containerd"];

export async function rememberBefore(): Promise<void> {
    if (!existsSync(dataPaths.before)) {
        await mkdir(cluster.data, { recursive: true, mode: 0o700 });
        await writeFile(dataPaths.before, JSON.stringify(fixedDirectories.filter((directory) => existsSync(directory))), { mode: 0o600 });
    }
}

/**
 * The chains and sets of any Kubernetes have the same names. They are ours if the cluster has run since the last boot, which
 * would have taken them away as it takes this directory; it does not start where another Kubernetes has some.
 */
const hasRunSinceBoot = () => existsSync(cluster.run);

/** Ends every process of ours, containers included, and takes away what they made on the machine. Data stay. */
export async function removeLeftovers(report: (line: string) => void): Promise<void> {
    report("ending processes");
    await killAll();
    report("unmounting");
    await unmountBelow([cluster.run, cluster.data]);
    const mounted = await mountsBelow([cluster.run, cluster.data]);
    if (mounted.length > 0) {
        // Never delete through a mount.
        throw new Error(`mounts that cannot be undone: ${mounted.join(", ")}`);
    }
    report("removing interfaces, rules, control groups");
    await removeInterfaces();
    if (hasRunSinceBoot()) {
        await removeRules();
    }
    await removeCgroups();
    await removeFixedDirectories();
    await restoreSysctls();
    await rm(cluster.run, { recursive: true, force: true });
}

async function killAll(): Promise<void> {
    const deadline = Date.now() + 15_000;
    for (let left = ourProcesses(); left.length > 0; left = ourProcesses()) {
        if (Date.now() > deadline) {
            throw new Error(`processes that do not end, even when killed: ${left.join(", ")}`);
        }
        left.forEach(kill);
        await sleep(100);
    }
}

function kill(id: number): void {
    try {
        process.kill(id, "SIGKILL");
    } catch {
        // It ended by itself.
    }
}

async function removeFixedDirectories(): Promise<void> {
    await removeShimSockets();
    await removeNetworkResults();
    await rm("/var/lib/kubelet/device-plugins/kubelet.sock", { force: true });
    await rm("/var/lib/kubelet/device-plugins/DEPRECATION", { force: true });
    await removeLinksToOurs("/var/log/containers");
    const before = existsSync(dataPaths.before) ? (JSON.parse(await readFile(dataPaths.before, "utf8")) as string[]) : fixedDirectories;
    for (const directory of fixedDirectories.filter((each) => !before.includes(each))) {
        await removeEmpty(directory);
    }
}

/** A shim's socket that nobody listens to any more is of no use to anybody. */
async function removeShimSockets(): Promise<void> {
    const directory = "/run/containerd/s";
    const listening = readFileSync("/proc/net/unix", "utf8");
    for (const name of await entries(directory)) {
        if (!listening.includes(`/containerd/s/${name}`)) {
            await unlink(join(directory, name)).catch(() => undefined);
        }
    }
}

/** What the CNI library remembers of our pods: of our network, and of the loopback of the same containers. */
async function removeNetworkResults(): Promise<void> {
    const directory = "/var/lib/cni/results";
    const all = await entries(directory);
    const containers = all.flatMap((name) => new RegExp(`^${names.network}-([0-9a-f]+)-`).exec(name)?.[1] ?? []);
    for (const name of all.filter((each) => containers.some((container) => each.includes(container)))) {
        await unlink(join(directory, name));
    }
}

async function removeLinksToOurs(directory: string): Promise<void> {
    for (const link of (await entries(directory)).map((name) => join(directory, name))) {
        const target = await readlink(link).catch(() => "");
        if (target.startsWith(`${dataPaths.podLogs}/`)) {
            await unlink(link);
        }
    }
}

/** Removes a directory if nothing but empty directories is in it. */
async function removeEmpty(directory: string): Promise<void> {
    for (const name of await entries(directory)) {
        await removeEmpty(join(directory, name));
    }
    await rmdir(directory).catch(() => undefined);
}

const entries = (directory: string) => readdir(directory).catch(() => [] as string[]);

/**
 * What is still there that should not be, in words; empty when all is gone.
 *
 * @param rules Whether rules and sets of addresses are looked at, too.
 */
export async function leftovers(rules = hasRunSinceBoot()): Promise<string[]> {
    const rows: [string, (string | number)[]][] = [
        ["processes", ourProcesses()],
        ["mounts", await mountsBelow([cluster.run, cluster.data])],
        ["interfaces", await ourInterfaces()],
        ["iptables", rules ? await ourRulesLeft() : []],
        ["ipsets", rules ? await ourSets() : []],
        ["control groups", leftCgroups()],
        ["directory", [cluster.run].filter((each) => existsSync(each))],
    ];
    return rows.filter(([, left]) => left.length > 0).map(([what, left]) => `${what}: ${left.join(", ")}`);
}

const largestLog = 8 * 1024 ** 2;

/** Makes room for the logs of the next start: of a long one the older part is kept beside it (the supervisor does the same while it runs). */
export async function rotateLogs(): Promise<void> {
    await mkdir(dataPaths.logs, { recursive: true, mode: 0o700 });
    for (const name of (await entries(dataPaths.logs)).filter((each) => each.endsWith(".log"))) {
        const log = join(dataPaths.logs, name);
        if ((await stat(log)).size > largestLog) {
            await rename(log, `${log}.1`);
        }
    }
}
