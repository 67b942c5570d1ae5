import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";

import { handedOver, kubeconfig, stackFile } from "./stack-file";

/** One resource as the whole program registered it. */
export interface Deployed {
    type: string;
    name: string;
    inputs: Record<string, any>;
    /** Whether a provider manages it; else it is a component. */
    custom: boolean;
    /** Name of its provider. */
    provider: string;
}

/** The section `config` of a stack file. */
export type Config = Record<string, unknown>;

/** A run of stacks/index.ts. */
export interface Run {
    made: Deployed[];
    /** Each with the type of its parent. */
    urns: string[];
    outputs: Record<string, unknown>;
}

/** What only the provider knows. */
const madeBy: Record<string, object> = {
    random: { result: "generated", base64: "generated", hex: "generated" },
    aws: { arn: "arn:aws:iam::111122223333:role/made", address: "database.example.com" },
};

/** Runs the program as `pulumi preview` and `pulumi up` would, with mocks in place of the engine. */
export async function runProgram(
    stack: string,
    { preview, config = stackFile(stack) }: { preview: boolean; config?: Config },
): Promise<Run> {
    const made: Deployed[] = [];
    const newResource = ({ type, name, inputs, custom = false, provider = "" }: pulumi.runtime.MockResourceArgs) => {
        made.push({ type, name, inputs, custom, provider: provider.split("::").at(-2) ?? "" });
        const known = { ...madeBy[type.split(":")[0] ?? ""], metadata: { name, ...inputs.metadata } };
        const state = preview ? inputs : { ...inputs, ...known };
        return { id: preview ? undefined : `${name}-id`, state };
    };
    const call = ({ token }: pulumi.runtime.MockCallArgs) => {
        throw new Error(`the program called ${token}; it may call nothing`);
    };
    await pulumi.runtime.setMocks({ newResource, call }, "spark-platform", stack, preview);
    pulumi.runtime.setAllConfig(handedOver(config));
    let fail!: (error: unknown) => void;
    const late = new Promise<never>((_, reject) => (fail = reject));
    late.catch(() => undefined);
    process.on("unhandledRejection", fail);
    const before = process.env.KUBECONFIG;
    process.env.KUBECONFIG = kubeconfig;
    try {
        const program = pulumi.runtime.runInPulumiStack(() => Promise.resolve(freshProgram()));
        const outputs = (await Promise.race([program, late])) as Record<string, unknown>;
        // A registration whose inputs failed never answers, so the wait for all of them must not be alone.
        await Promise.race([pulumi.runtime.disconnect(), late]);
        const monitor = pulumi.runtime.getMonitor() as unknown as { getRegisteredResources(): Map<string, unknown> };
        return { made, urns: [...monitor.getRegisteredResources().keys()].sort(), outputs };
    } finally {
        process.env.KUBECONFIG = before ?? "";
        process.off("unhandledRejection", fail);
    }
}

/** The program reads its configuration when it is loaded, so it is loaded again each time. */
function freshProgram(): unknown {
    Reflect.deleteProperty(require.cache, require.resolve("../../../stacks/index"));
    return createRequire(__filename)("../../../stacks/index") as unknown;
}
