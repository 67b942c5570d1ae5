import * as pulumi from "@pulumi/pulumi";

import { after } from "../../internal/after";
import { aws } from "../../internal/aws";
import { resolveIdentity, type AwsIdentityArgs } from "./args";
import * as objects from "./objects";

export { AwsAccess } from "./args";
export type { AwsBucketAccess, AwsIdentityArgs, AwsIdentitySettings } from "./args";

/** A role of AWS for one service account: what its pods may do without any key of their own. */
export class AwsIdentity extends pulumi.ComponentResource {
    /** ARN of the role; known to others when the role has its rights. */
    public readonly roleArn: pulumi.Output<string>;
    /** Annotations that the service account needs; none with Pod Identity. */
    public readonly annotations: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: AwsIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:AwsIdentity", name, {}, opts);
        const identity = resolveIdentity(name, args);
        const child = { parent: this };

        const role = new (aws.iam().Role)(`${name}-role`, objects.role(identity), child);
        const policy = new (aws.iam().RolePolicy)(`${name}-policy`, objects.policy(identity, role.name), child);
        if (identity.clusterName !== undefined) {
            const association = objects.association(identity, identity.clusterName, role.arn);
            new (aws.eks().PodIdentityAssociation)(`${name}-association`, association, child);
        }

        this.roleArn = after(role.arn, policy);
        this.annotations =
            identity.oidcProviderArn === undefined
                ? pulumi.output<Record<string, string>>({})
                : this.roleArn.apply((arn): Record<string, string> => ({ "eks.amazonaws.com/role-arn": arn }));
        this.registerOutputs({ roleArn: this.roleArn, annotations: this.annotations });
    }
}
