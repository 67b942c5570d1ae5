import type * as eks from "@pulumi/aws/eks";
import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";

import { policyDocument } from "../../internal/aws";
import { shortened } from "../../internal/identity";
import type { ResolvedIdentity } from "./args";
import { rights, trustOfPodIdentity, trustOfToken } from "./policy";

/** The rest of the name is made up: names of roles are unique in an account, which may hold two platforms. */
export function role(identity: ResolvedIdentity): iam.RoleArgs {
    const { namespace, serviceAccount, oidcProviderArn, clusterName = "", permissionsBoundaryArn, tags } = identity;
    const assumeRolePolicy = pulumi
        .output({ namespace, serviceAccount })
        .apply((account) =>
            policyDocument(
                oidcProviderArn === undefined ? trustOfPodIdentity(clusterName, account) : trustOfToken(oidcProviderArn, account),
            ),
        );
    const description = pulumi.interpolate`Service account ${serviceAccount} of namespace ${namespace}`;
    const namePrefix = `${shortened(identity.name, 37)}-`;
    return { namePrefix, description, assumeRolePolicy, permissionsBoundary: permissionsBoundaryArn, tags };
}

export function policy({ buckets, secretArns, kmsKeyArns }: ResolvedIdentity, role: pulumi.Input<string>): iam.RolePolicyArgs {
    const text = pulumi.output({ buckets, secretArns, kmsKeyArns }).apply((given) => policyDocument(rights(given)));
    return { role, policy: text };
}

export function association(
    { namespace, serviceAccount, tags }: ResolvedIdentity,
    clusterName: string,
    roleArn: pulumi.Input<string>,
): eks.PodIdentityAssociationArgs {
    return { clusterName, namespace, serviceAccount, roleArn, tags };
}
