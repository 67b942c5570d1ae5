import { execa } from "execa";

import { access } from "./platform";

/** Copies what is in a folder of this machine into one of a pod, whose image has `tar`. */
export async function sendFolder(folder: string, { namespace, pod, to }: { namespace: string; pod: string; to: string }): Promise<void> {
    // The folder there may be a volume, which is nobody's to change.
    const unpack = ["exec", "-i", "-n", namespace, pod, "--", "tar", "x", "--no-overwrite-dir", "-C", to];
    await execa("tar", ["c", "-C", folder, "."], { encoding: "buffer" }).pipe(access.kubectl, unpack);
}
