import * as pulumi from "@pulumi/pulumi";

import type { AwsSecretsManager, ResolvedSecrets } from "../args";
import { accountName } from "../secret";
import type { ExternalProvider } from "./external";

export function aws(secrets: ResolvedSecrets, { region, roleArn, refresh = "" }: AwsSecretsManager): ExternalProvider {
    const auth = roleArn === undefined ? {} : { auth: { jwt: { serviceAccountRef: { name: accountName(secrets) } } } };
    return {
        store: pulumi.output({ aws: { service: "SecretsManager", region, ...auth } }),
        account: roleArn !== undefined,
        accountAnnotations: roleArn === undefined ? undefined : { "eks.amazonaws.com/role-arn": roleArn },
        refresh,
    };
}
