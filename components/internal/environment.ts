import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** One key of a Secret as environment. */
export const fromSecret = (name: string, secret: pulumi.Input<string>, key: string): EnvVar => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
});

/** A Secret's data. Base64 is what the API server answers with, so a refresh finds nothing changed. */
export function secretData(values: Record<string, pulumi.Input<string>>): Record<string, pulumi.Output<string>> {
    return Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, pulumi.output(value).apply((text) => Buffer.from(text).toString("base64"))]),
    );
}
