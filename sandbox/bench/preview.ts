import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { checkout } from "../support/paths";
import { pulumi, type OpenStack } from "../support/pulumi";
import { median, seconds, type Figure } from "./measure";

/** What a preview of the dev stack costs over one of as many bare ConfigMaps, which is what the engine and the provider cost anyway. */
export async function previewAgainstConfigMaps(stack: OpenStack): Promise<Figure[]> {
    const { deployment } = JSON.parse(await pulumi(stack, ["stack", "export", "--stack", stack.name])) as {
        deployment: { resources: { type: string }[] };
    };
    const count = deployment.resources.filter(({ type }) => !type.startsWith("pulumi:")).length;
    const platform = await median(3, () => seconds(() => pulumi(stack, ["preview", "--stack", stack.name])));
    const bare = await bareConfigMaps(stack, count);
    return [
        { name: `preview of the dev stack (${count} resources)`, unit: "s", value: platform },
        { name: `preview of ${count} bare ConfigMaps`, unit: "s", value: bare },
        { name: "preview of the dev stack over that of bare ConfigMaps", unit: "×", atMost: 1.6, value: platform / bare },
    ];
}

async function bareConfigMaps(stack: OpenStack, count: number): Promise<number> {
    const directory = await mkdtemp(join(tmpdir(), "spark-platform-bench-"));
    try {
        await symlink(join(checkout, "node_modules"), join(directory, "node_modules"));
        await writeFile(join(directory, "Pulumi.yaml"), "name: bare\nruntime: nodejs\nmain: index.js\n");
        await writeFile(
            join(directory, "index.js"),
            `const k8s = require("@pulumi/kubernetes");
for (let i = 0; i < ${count}; i++) new k8s.core.v1.ConfigMap("bare-" + i, { metadata: { name: "bare-" + i, namespace: "default" }, data: { i: String(i) } });
`,
        );
        const env = {
            ...stack.env,
            PULUMI_OPTION_CONFIG_FILE: join(directory, "Pulumi.bare.yaml"),
            PULUMI_BACKEND_URL: `file://${directory}`,
        };
        const run = (args: string[]) => execa("pulumi", ["--non-interactive", ...args], { cwd: directory, env });
        await run(["stack", "init", "bare"]);
        return await median(3, () => seconds(() => run(["preview", "--stack", "bare"])));
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}
