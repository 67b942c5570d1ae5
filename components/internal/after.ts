import * as pulumi from "@pulumi/pulumi";

/** A value that is known only when these are there, and ready: what uses it comes after them. */
export const after = <Value>(value: pulumi.Input<Value>, ...resources: pulumi.Resource[]): pulumi.Output<pulumi.Unwrap<Value>> =>
    pulumi.all([value, ...resources.map(({ urn }) => urn)]).apply(([first]) => first as pulumi.Unwrap<Value>);
