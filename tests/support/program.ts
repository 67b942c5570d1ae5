import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

export interface Outcome {
    exitCode: number;
    /** What a person would see. */
    text: string;
}

/** A Pulumi program of the tests as a stack of its own, with its state in a temporary directory. */
export class Program {
    readonly #state = mkdtempSync(join(tmpdir(), "program-"));

    /** @param directory Where its Pulumi.yaml is. */
    public constructor(
        private readonly directory: string,
        private readonly env: Record<string, string> = {},
    ) {}

    /** Runs the Pulumi CLI; `env` tells the program which version of itself to be. */
    public async run(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
        const { exitCode, all } = await execa("pulumi", [...args, "--non-interactive", "--stack", "test"], {
            cwd: this.directory,
            all: true,
            reject: false,
            env: {
                PULUMI_BACKEND_URL: `file://${this.#state}`,
                PULUMI_CONFIG_PASSPHRASE: "for tests",
                PULUMI_OPTION_CONFIG_FILE: join(this.#state, "Pulumi.test.yaml"),
                ...this.env,
                ...env,
            },
        });
        return { exitCode: exitCode ?? 1, text: all };
    }

    public async init(): Promise<void> {
        const { exitCode, text } = await this.run(["stack", "init"]);
        if (exitCode !== 0) {
            throw new Error(text);
        }
    }

    /** @throws What the CLI said, when it failed. */
    public async up(env: Record<string, string> = {}): Promise<string> {
        const { exitCode, text } = await this.tryUp(env);
        if (exitCode !== 0) {
            throw new Error(text);
        }
        return text;
    }

    public tryUp(env: Record<string, string> = {}): Promise<Outcome> {
        return this.run(["up", "--yes", "--skip-preview"], env);
    }

    /** What the program gives, secrets in the clear. */
    public async outputs<T>(): Promise<T> {
        const { text } = await this.run(["stack", "output", "--json", "--show-secrets"]);
        return JSON.parse(text) as T;
    }

    public async remove(): Promise<void> {
        await this.run(["destroy", "--yes", "--skip-preview"]);
        rmSync(this.#state, { recursive: true, force: true });
    }
}
