import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

export interface Outcome {
    exitCode: number;
    /** What a person would see. */
    text: string;
}

/** One of the programs beside this file, as a stack of its own with its state in a temporary directory. */
export class Project {
    readonly #directory: string;
    readonly #stack: string;
    readonly #state = mkdtempSync(join(tmpdir(), "plugins-"));

    /** @param programs Folder of the program's folder. Default: the one beside this file. */
    public constructor(name: string, stack = "test", programs = join(__dirname, "programs")) {
        this.#stack = stack;
        this.#directory = join(programs, name);
    }

    /** Runs the Pulumi CLI; `step` tells the program which version of itself to be. */
    public async run(args: string[], step = "first", env: Record<string, string> = {}): Promise<Outcome> {
        const { exitCode, all } = await execa("pulumi", [...args, "--non-interactive", "--stack", this.#stack], {
            cwd: this.#directory,
            all: true,
            reject: false,
            env: {
                STEP: step,
                PULUMI_BACKEND_URL: `file://${this.#state}`,
                PULUMI_CONFIG_PASSPHRASE: "for tests",
                PULUMI_OPTION_CONFIG_FILE: join(this.#state, "Pulumi.test.yaml"),
                ...env,
            },
        });
        return { exitCode: exitCode ?? 1, text: all };
    }

    public async up(step = "first"): Promise<Outcome> {
        return this.run(["up", "--yes", "--skip-preview"], step);
    }

    public async preview(step = "first", ...more: string[]): Promise<Outcome> {
        return this.run(["preview", ...more], step);
    }

    public async init(): Promise<void> {
        const { exitCode, text } = await this.run(["stack", "init"]);
        if (exitCode !== 0) {
            throw new Error(text);
        }
    }

    public async outputs(): Promise<Record<string, any>> {
        const { text } = await this.run(["stack", "output", "--json", "--show-secrets"]);
        return JSON.parse(text) as Record<string, any>;
    }

    public async remove(): Promise<Outcome> {
        const outcome = await this.run(["destroy", "--yes", "--skip-preview"]);
        rmSync(this.#state, { recursive: true, force: true });
        return outcome;
    }
}

/** Whether a stand-in takes the place of this plugin; what is about its own words or limits is not asked of the official one. */
export const isStandIn = (plugin: string) => (process.env.SPARK_PLATFORM_STAND_INS ?? "").split(",").includes(plugin);

/** `kubectl`, for looking from outside. */
export async function kubectl(...args: string[]): Promise<string> {
    return (await execa("kubectl", args)).stdout;
}
