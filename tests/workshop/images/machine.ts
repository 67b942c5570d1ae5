import { execa } from "execa";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface RunOptions {
    /** Ids of user and group. */
    user?: string;
    env?: Record<string, string>;
    /** Directories of this machine, by their path in the image. */
    mounts?: Record<string, string>;
}

/**
 * An image unpacked into a folder, where programs run as they do in a pod under PSS `restricted`: the root read-only, `/tmp` and the
 * working directory writable, an id without a name, no capabilities, process number 1 their own.
 */
export class UnpackedImage {
    private constructor(
        readonly root: string,
        private readonly config: { Env?: string[]; WorkingDir?: string },
    ) {}

    static async of(archive: string): Promise<UnpackedImage> {
        const folder = await mkdtemp(join(tmpdir(), "image-"));
        const root = join(folder, "root");
        await mkdir(root);
        const entry = async (name: string) => JSON.parse((await execa("tar", ["-xOf", archive, name])).stdout) as unknown;
        const [manifest] = (await entry("manifest.json")) as { Config: string; Layers: string[] }[];
        for (const layer of manifest!.Layers) {
            await execa({ buffer: false })`tar -xOf ${archive} ${layer}`.pipe({ buffer: false })`tar -xpf - -C ${root} --numeric-owner`;
        }
        // Kubernetes mounts this one.
        await writeFile(join(root, "etc/hosts"), "127.0.0.1 localhost\n");
        const { config } = (await entry(manifest!.Config)) as { config: object };
        return new UnpackedImage(root, config);
    }

    /** Starts a command; the result resolves when it ends, whatever its exit code. */
    run(command: string[], { user = "1000650000:0", env = {}, mounts = {} }: RunOptions = {}) {
        const writable = ["/tmp", this.config.WorkingDir ?? "/tmp"];
        const [uid, gid] = user.split(":");
        const identity = `--reuid=${String(uid)} --regid=${String(gid)}`;
        const binds = Object.entries(mounts);
        const script = [
            "hostname localhost",
            'mount --rbind "$ROOT" "$ROOT"',
            'mount --rbind /dev "$ROOT/dev"',
            'mount -t proc proc "$ROOT/proc"',
            ...writable.map((path) => `mount -t tmpfs -o mode=1777 tmpfs "$ROOT${path}"`),
            ...binds.map(([inside, outside]) => `mkdir -p "$ROOT${inside}" && mount --bind "${outside}" "$ROOT${inside}"`),
            'mount -o remount,bind,ro "$ROOT"',
            `exec chroot "$ROOT" /usr/bin/setpriv ${identity} --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs env -i "$@"`,
        ].join(" && ");
        const own = { SPARK_LOCAL_IP: "127.0.0.1", SPARK_LOCAL_HOSTNAME: "localhost", ...env };
        const environment = [...(this.config.Env ?? []), ...Object.entries(own).map(([name, value]) => `${name}=${value}`)];
        const inside = ["-C", this.config.WorkingDir ?? "/", ...environment, ...command];
        return execa("unshare", ["--mount", "--pid", "--uts", "--fork", "--kill-child", "sh", "-c", script, "sh", ...inside], {
            env: { ROOT: this.root },
            reject: false,
            all: true,
            stdin: "ignore",
        });
    }

    async remove(): Promise<void> {
        await rm(join(this.root, ".."), { recursive: true, force: true });
    }
}

/** Sends a signal to process number 1 of a running image; with KILL all of its processes end, as those of a container do. */
export async function signal({ pid }: { pid?: number }, name: "TERM" | "INT" | "KILL"): Promise<void> {
    await execa("pkill", [`-${name}`, "--parent", String(pid)], { reject: false });
}

/** Unpacking and mounting needs root; without it a test says so and is counted as skipped. */
export function skipWithoutRoot(context: Mocha.Context): void {
    if (process.getuid?.() !== 0) {
        console.log("        skipped: running an image without a container runtime needs root");
        context.skip();
    }
}
