import { readdir } from "node:fs/promises";

import { execa } from "execa";

import { access } from "./platform";

/** Copies what is in a folder of this machine into one of a pod, whose image has `tar`. */
export async function sendFolder(folder: string, { namespace, pod, to }: { namespace: string; pod: string; to: string }): Promise<void> {
    const unpack = ["exec", "-i", "-n", namespace, pod, "--", "tar", "x", "-C", to];
    // Not the folder itself: the one there may be a volume, which is nobody's to change.
    await execa("tar", ["c", "-C", folder, ...(await readdir(folder))], { encoding: "buffer" }).pipe(access.kubectl, unpack);
}
