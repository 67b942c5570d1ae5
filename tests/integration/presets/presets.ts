import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { checkout } from "../../../sandbox/support/paths";

/** A preset's file, and a name for what it makes beside others. */
export interface Preset {
    name: string;
    config: Record<string, unknown>;
}

/** The presets that are for one environment. */
export function presetsOf(environment: string): Preset[] {
    const directory = join(checkout, "presets");
    return readdirSync(directory)
        .filter((file) => file.endsWith(".yaml"))
        .map((file) => ({
            name: file.replace(/\.yaml$/, "").replaceAll(".", "-"),
            config: (parse(readFileSync(join(directory, file), "utf8")) as { config: Record<string, unknown> }).config,
        }))
        .filter(({ config }) => config["spark-platform:environment"] === environment);
}
