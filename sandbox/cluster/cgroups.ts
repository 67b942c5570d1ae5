import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { names } from "./layout";

const root = "/sys/fs/cgroup";

/** Places where control groups are mounted: one with version 2, one a controller with version 1, both in the hybrid form. */
function hierarchies(): string[] {
    return readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .map((line) => line.split(" "))
        .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
        .map(([, place = ""]) => place)
        .filter((place) => place.startsWith(root));
}

const isUnified = (place: string) => existsSync(join(place, "cgroup.controllers"));

/** Controllers without which the kubelet does not start. */
const needed = ["cpu", "memory", "pids", "cpuset"];

/** What is missing for containers; empty when nothing is. */
export function missingControllers(): string[] {
    const offered = new Set(
        hierarchies().flatMap((place) =>
            isUnified(place)
                ? readFileSync(join(place, "cgroup.controllers"), "utf8").trim().split(" ")
                : (place.split("/").pop() ?? "").split(","),
        ),
    );
    return needed.filter((controller) => !offered.has(controller));
}

/** Makes our group in every hierarchy, and one in it for the cluster's own programs; containers get theirs from the kubelet. */
export async function makeCgroups(): Promise<string[]> {
    const groups: string[] = [];
    for (const place of hierarchies()) {
        const group = join(place, names.cgroup);
        const processes = join(group, "processes");
        await mkdir(processes, { recursive: true });
        if (isUnified(place)) {
            await delegate(place);
            await delegate(group);
        }
        await inheritCpuset(place, [group, processes]);
        groups.push(processes);
    }
    return groups;
}

/** Version 2 gives a group only the controllers that its parent hands down. */
async function delegate(group: string): Promise<void> {
    const controllers = (await readFile(join(group, "cgroup.controllers"), "utf8")).trim().split(" ").filter(Boolean);
    for (const controller of controllers) {
        await writeFile(join(group, "cgroup.subtree_control"), `+${controller}`).catch((error: unknown) => {
            if (needed.includes(controller)) {
                throw new Error(
                    `the controller "${controller}" of ${group} cannot be handed down (${String(error)}): the sandbox needs the machine's own control groups`,
                );
            }
        });
    }
}

/** Version 1 lets no process in before the group has processors and memory nodes. */
async function inheritCpuset(place: string, groups: string[]): Promise<void> {
    if (isUnified(place) || !existsSync(join(place, "cpuset.cpus"))) {
        return;
    }
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        const value = await readFile(join(place, file), "utf8");
        for (const group of groups) {
            await writeFile(join(group, file), value);
        }
    }
}

/** All our groups, the deepest first. */
function ourGroups(): string[] {
    const below = (group: string): string[] =>
        readdirSync(group, { withFileTypes: true })
            .filter((entry) => entry.isDirectory())
            .flatMap((entry) => [...below(join(group, entry.name)), join(group, entry.name)]);
    return hierarchies()
        .map((place) => join(place, names.cgroup))
        .filter((group) => existsSync(group))
        .flatMap((group) => [...below(group), group]);
}

/** Processes of the cluster and of its containers, whoever started them. */
export function ourProcesses(): number[] {
    const ids = ourGroups().flatMap((group) => {
        try {
            return readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
        } catch {
            // A group that went away meanwhile has none.
            return [];
        }
    });
    return [...new Set(ids)];
}

export async function removeCgroups(): Promise<void> {
    for (const group of ourGroups()) {
        await rmdir(group).catch(() => undefined);
    }
}

export const leftCgroups = () => ourGroups();
