import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";

import { execa } from "execa";

import { findCommand } from "../toolchain";
import { addresses, names, runPaths } from "./layout";

/** Runs a program of the machine by its full path: the administrator's directories are often not on the PATH. */
export async function run(
    command: string,
    args: string[],
    { input, tolerant = false }: { input?: string; tolerant?: boolean } = {},
): Promise<string> {
    const { stdout, failed, stderr, shortMessage } = await execa(findCommand(command) ?? command, args, { input, reject: false });
    if (failed && !tolerant) {
        throw new Error(`${shortMessage}: ${stderr.trim()}`);
    }
    return stdout;
}

/** Settings of the kernel that the cluster needs, and those that the kubelet sets on its own; all are put back by `down`. */
const neededSysctls: Record<string, string> = {
    "net.ipv4.ip_forward": "1",
    // Without it, what passes between two pods of one bridge is not filtered.
    "net.bridge.bridge-nf-call-iptables": "1",
};
const kubeletSysctls = [
    "vm.overcommit_memory",
    "vm.panic_on_oom",
    "kernel.panic",
    "kernel.panic_on_oops",
    "kernel.keys.root_maxkeys",
    "kernel.keys.root_maxbytes",
    "net.ipv4.conf.all.route_localnet",
];

const sysctlFile = (name: string) => `/proc/sys/${name.replaceAll(".", "/")}`;
const readSysctl = async (name: string) => (await readFile(sysctlFile(name), "utf8")).trim();

export async function setSysctls(): Promise<void> {
    if (!existsSync(runPaths.sysctls)) {
        const before: Record<string, string> = {};
        for (const name of [...Object.keys(neededSysctls), ...kubeletSysctls].filter((each) => existsSync(sysctlFile(each)))) {
            before[name] = await readSysctl(name);
        }
        await writeFile(runPaths.sysctls, JSON.stringify(before), { mode: 0o600 });
    }
    for (const [name, value] of Object.entries(neededSysctls)) {
        await writeFile(sysctlFile(name), value);
    }
}

export async function restoreSysctls(): Promise<void> {
    if (!existsSync(runPaths.sysctls)) {
        return;
    }
    const before = JSON.parse(await readFile(runPaths.sysctls, "utf8")) as Record<string, string>;
    for (const [name, value] of Object.entries(before)) {
        if ((await readSysctl(name)) !== value) {
            await writeFile(sysctlFile(name), value);
        }
    }
}

interface Rule {
    table: string;
    chain: string;
    rule: string[];
}

const marked = ["-m", "comment", "--comment", names.comment];

const ourRules: Rule[] = [
    // The kernel would let neighbours in that send to these addresses through this machine: they are for it and its pods alone.
    {
        table: "mangle",
        chain: "PREROUTING",
        rule: ["-d", addresses.all, "!", "-i", names.bridge, "-m", "addrtype", "!", "--src-type", "LOCAL", ...marked, "-j", "DROP"],
    },
    { table: "nat", chain: "POSTROUTING", rule: ["-s", addresses.pods, "!", "-d", addresses.all, ...marked, "-j", "MASQUERADE"] },
    // At the end of their chains, for machines whose policy is to drop: what a NetworkPolicy refuses is refused before.
    { table: "filter", chain: "INPUT", rule: ["-i", names.bridge, ...marked, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", rule: ["-s", addresses.pods, ...marked, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", rule: ["-d", addresses.pods, ...marked, "-j", "ACCEPT"] },
];

/** The bridge with the address that everything is bound to, and the way out for pods. */
export async function makeNetwork(): Promise<void> {
    if ((await run("ip", ["-json", "link", "show", names.bridge], { tolerant: true })) === "") {
        await run("ip", ["link", "add", "name", names.bridge, "type", "bridge"]);
    }
    const ipv6 = `/proc/sys/net/ipv6/conf/${names.bridge}/disable_ipv6`;
    if (existsSync(ipv6)) {
        // No NetworkPolicy here would see it.
        await writeFile(ipv6, "1");
    }
    await run("ip", ["address", "replace", `${addresses.host}/16`, "dev", names.bridge]);
    await run("ip", ["link", "set", names.bridge, "up"]);
    for (const { table, chain, rule } of ourRules) {
        const there = await execa(findCommand("iptables") ?? "iptables", ["-w", "-t", table, "-C", chain, ...rule], { reject: false });
        if (there.failed) {
            await run("iptables", ["-w", "-t", table, "-A", chain, ...rule]);
        }
    }
}

/** Removes the bridge with the interfaces of pods that are left on it. */
export async function removeInterfaces(): Promise<void> {
    for (const link of await ourInterfaces()) {
        await run("ip", ["link", "delete", link], { tolerant: true });
    }
}

/** Interfaces of pods, then the bridge. */
export async function ourInterfaces(): Promise<string[]> {
    const answer = await run("ip", ["-json", "link", "show"]);
    const links = JSON.parse(answer) as { ifname: string; master?: string }[];
    return [...links.filter(({ master }) => master === names.bridge), ...links.filter(({ ifname }) => ifname === names.bridge)].map(
        ({ ifname }) => ifname,
    );
}

/** Chains that Kubernetes programs make; a machine has one set of them. */
export const isKubernetesChain = (chain: string) => /^(KUBE-|CNI-)/.test(chain);

/** A rule of a chain of the system that leads to such a chain, is marked as ours, or is the router's for what its chains let pass. */
const isOurs = (rule: string) =>
    rule.includes(`--comment "${names.comment}"`) || rule.includes('--comment "KUBE-ROUTER') || / -[jg] (KUBE-|CNI-)/.test(rule);

const families = [
    { save: "iptables-save", restore: "iptables-restore" },
    { save: "ip6tables-save", restore: "ip6tables-restore" },
];

/** Takes out our rules and chains, and leaves those of anybody else as they are. */
export async function removeRules(): Promise<void> {
    for (const { save, restore } of families) {
        const script = removalOf(await run(save, [], { tolerant: true }));
        if (script !== "") {
            await run(restore, ["--noflush", "-w"], { input: script });
        }
    }
    const sets = (await ourSets()).join("\n");
    if (sets !== "") {
        // One set can be a member of another, so all are emptied before the first goes.
        const lines = sets.split("\n");
        await run("ipset", ["restore"], {
            input: [...lines.map((set) => `flush ${set}`), ...lines.map((set) => `destroy ${set}`)].join("\n") + "\n",
            tolerant: true,
        });
    }
}

/** From what `iptables-save` prints to what `iptables-restore --noflush` takes: our rules deleted, our chains emptied and deleted. */
export function removalOf(saved: string): string {
    const script: string[] = [];
    for (const table of saved.split(/^\*/m).slice(1)) {
        const [name = "", ...lines] = table.split("\n");
        const chains = lines.flatMap((line) => /^:(\S+) /.exec(line)?.[1] ?? []).filter(isKubernetesChain);
        const rules = lines.filter((line) => line.startsWith("-A ") && isOurs(line) && !isKubernetesChain(line.split(" ")[1] ?? ""));
        if (chains.length + rules.length > 0) {
            const removals = [
                ...rules.map((line) => line.replace(/^-A/, "-D")),
                ...chains.map((chain) => `-F ${chain}`),
                ...chains.map((chain) => `-X ${chain}`),
            ];
            script.push(`*${name}`, ...removals, "COMMIT");
        }
    }
    return script.length === 0 ? "" : `${script.join("\n")}\n`;
}

export async function ourSets(): Promise<string[]> {
    const sets = (await run("ipset", ["list", "-name"], { tolerant: true })).split("\n");
    return sets.filter((set) => /^(inet6:)?(KUBE-|kube-router-)/.test(set));
}

/** Our rules and chains, as `iptables-save` prints them. */
export async function ourRulesLeft(): Promise<string[]> {
    const saved = await Promise.all(families.map(({ save }) => run(save, [], { tolerant: true })));
    return saved.flatMap((each) =>
        removalOf(each)
            .split("\n")
            .filter((line) => line.startsWith("-")),
    );
}

/** Mounts below the directories, the innermost first. */
export async function mountsBelow(directories: string[]): Promise<string[]> {
    const lines = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
    const places = lines.map((line) => (line.split(" ")[4] ?? "").replaceAll("\\040", " "));
    return places.filter((place) => directories.some((directory) => place === directory || place.startsWith(`${directory}/`))).reverse();
}

export async function unmountBelow(directories: string[]): Promise<void> {
    for (const place of await mountsBelow(directories)) {
        // A lazy unmount always succeeds; what still held it was killed before.
        await run("umount", ["--lazy", place], { tolerant: true });
    }
}
