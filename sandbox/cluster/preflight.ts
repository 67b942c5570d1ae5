import { existsSync, readFileSync, statfsSync } from "node:fs";
import { mkdir } from "node:fs/promises";

import { execa } from "execa";

import { cluster } from "../support/paths";
import { findCommand } from "../toolchain";
import { missingControllers } from "./cgroups";
import { addresses, names, ports } from "./layout";
import { isKubernetesChain, run } from "./machine";

/** A reason why the cluster cannot run here; undefined when there is none. */
type Check = () => string | undefined | Promise<string | undefined>;

const advice = "To use a cluster of your own instead: KUBECONTEXT=<context> make up";

/** What needs no tool to be seen, so that nobody waits for a tool chain to be built and is refused then. */
export async function preflightForPeople(): Promise<void> {
    refuse(await reasons([isLinux, isRoot]));
    refuse(await reasons([capabilities]));
}

/**
 * Looks for everything that would make the start fail half-way.
 *
 * @throws One error with every reason.
 */
export async function preflight(): Promise<void> {
    refuse(await reasons([overlay, controlGroups, iptables, ipset, bridge, bridgeFilter, disk, otherKubernetes, routes, portsInUse]));
}

async function reasons(checks: Check[]): Promise<string[]> {
    const answers = [];
    for (const check of checks) {
        answers.push(await check());
    }
    return answers.filter((answer) => answer !== undefined);
}

function refuse(found: string[]): void {
    if (found.length > 0) {
        throw new Error(`the sandbox cluster cannot run on this machine:\n${found.map((reason) => `  - ${reason}`).join("\n")}\n${advice}`);
    }
}

const isLinux: Check = () => (process.platform === "linux" ? undefined : `it needs Linux, this is ${process.platform}`);
const isRoot: Check = () => (process.getuid?.() === 0 ? undefined : "it needs root, as containers and networks are made: run it with sudo");

const neededCapabilities = { CAP_NET_ADMIN: 12, CAP_SYS_CHROOT: 18, CAP_SYS_PTRACE: 19, CAP_SYS_ADMIN: 21, CAP_MKNOD: 27 };

const capabilities: Check = () => {
    const mask = BigInt(`0x${/^CapEff:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0"}`);
    const missing = Object.entries(neededCapabilities).filter(([, bit]) => ((mask >> BigInt(bit)) & 1n) === 0n);
    return missing.length === 0
        ? undefined
        : `root lacks ${missing.map(([name]) => name).join(", ")} here (a container that is not privileged?)`;
};

/** Loads a module of the kernel where modules are loaded; where all is built in, there is nothing to do. */
const loadModule = (name: string) => execa(findCommand("modprobe") ?? "modprobe", [name], { reject: false });

const overlay: Check = async () => {
    const offered = () => /\boverlay$/m.test(readFileSync("/proc/filesystems", "utf8"));
    if (!offered()) {
        await loadModule("overlay");
    }
    return offered() ? undefined : "the kernel has no overlay filesystem (module 'overlay')";
};

const controlGroups: Check = () => {
    const missing = missingControllers();
    return missing.length === 0 ? undefined : `control groups lack the controllers ${missing.join(", ")} (looked at /sys/fs/cgroup)`;
};

const iptables: Check = async () => {
    for (const table of ["filter", "nat", "mangle"]) {
        const { failed, stderr } = await execa(findCommand("iptables") ?? "iptables", ["-w", "-t", table, "-S"], { reject: false });
        if (failed) {
            return `iptables does not work for the table ${table}: ${stderr.trim()}`;
        }
    }
    return undefined;
};

const ipset: Check = async () => {
    const { failed, stderr } = await execa(findCommand("ipset") ?? "ipset", ["list", "-name"], { reject: false });
    return failed ? `sets of addresses, which enforce NetworkPolicies, do not work: ${stderr.trim()}` : undefined;
};

const bridge: Check = async () => {
    const probe = "spark-probe";
    const { failed, stderr } = await execa(findCommand("ip") ?? "ip", ["link", "add", "name", probe, "type", "bridge"], { reject: false });
    if (failed) {
        return `no network bridge can be made: ${stderr.trim()}`;
    }
    await run("ip", ["link", "delete", probe]);
    return undefined;
};

const bridgeFilter: Check = async () => {
    const setting = "/proc/sys/net/bridge/bridge-nf-call-iptables";
    if (!existsSync(setting)) {
        await loadModule("br_netfilter");
    }
    return existsSync(setting)
        ? undefined
        : "bridged traffic cannot be filtered (module 'br_netfilter'), so NetworkPolicies would not be enforced";
};

const gibibyte = 1024 ** 3;
const neededSpace = 5;

const disk: Check = async () => {
    await mkdir(cluster.data, { recursive: true, mode: 0o700 });
    const { bavail, bsize, ffree } = statfsSync(cluster.data);
    const free = (bavail * bsize) / gibibyte;
    if (free < neededSpace) {
        return `${free.toFixed(1)} GiB are free in ${cluster.data}, images and volumes need at least ${neededSpace}: make room`;
    }
    return ffree > 0 && ffree < 50_000 ? `only ${ffree} files can still be made in ${cluster.data}: make room` : undefined;
};

/** Two sets of Kubernetes programs would overwrite each other's chains. What was ours was removed before. */
const otherKubernetes: Check = async () => {
    const saved = await run("iptables-save", [], { tolerant: true });
    const chains = [...saved.matchAll(/^:(\S+) /gm)].map(([, chain = ""]) => chain).filter(isKubernetesChain);
    return chains.length === 0 ? undefined : `another Kubernetes uses the iptables of this machine (chain ${chains[0] ?? ""})`;
};

const routes: Check = async () => {
    const found = JSON.parse(await run("ip", ["-json", "-4", "route", "show", "root", addresses.all])) as { dst: string; dev: string }[];
    const others = found.filter(({ dev }) => dev !== names.bridge);
    return others.length === 0
        ? undefined
        : `the addresses ${addresses.all} are in use on this machine: ${others.map(({ dst, dev }) => `${dst} on ${dev}`).join(", ")}`;
};

const portsInUse: Check = async () => {
    const lines = (await run("ss", ["--listening", "--tcp", "--numeric", "--processes", "--no-header"])).split("\n");
    const clashes = lines.flatMap((line) => {
        const [, , , address = "", , holder = ""] = line.trim().split(/\s+/);
        const port = Object.entries(ports).find(([, number]) => address.endsWith(`:${number}`));
        return port !== undefined && isOurAddress(address.slice(0, address.lastIndexOf(":")), port[1])
            ? [`${port[1]} by ${/"([^"]+)",pid=(\d+)/.exec(holder)?.slice(1).join(", process ") ?? "an unknown process"}`]
            : [];
    });
    return clashes.length === 0 ? undefined : `ports in use: ${clashes.join("; ")}; stop that program`;
};

function isOurAddress(address: string, port: number): boolean {
    const own = port === ports.proxyHealth || port === ports.proxyMetrics ? "127.0.0.1" : addresses.host;
    return ["0.0.0.0", "*", "[::]", own].includes(address);
}
