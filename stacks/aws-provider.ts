import { createRequire } from "node:module";

import type * as pulumi from "@pulumi/pulumi";

/** Loaded when a stack file speaks of AWS: the others need neither the time nor the plugin. */
export function awsProvider(region: string): pulumi.ProviderResource {
    const { Provider } = createRequire(__filename)("@pulumi/aws/provider") as typeof import("@pulumi/aws/provider");
    return new Provider("aws", { region });
}
