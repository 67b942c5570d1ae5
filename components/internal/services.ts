import type * as k8s from "@pulumi/kubernetes";

/**
 * A Service that nobody waits for: the pods behind it are waited for by themselves. The provider would wait until one is ready, and keep
 * one of the engine's few places for work meanwhile (four for each processor). With as many Services as places the pods were never made.
 */
export function unawaited({ metadata, ...service }: k8s.core.v1.ServiceArgs): k8s.core.v1.ServiceArgs {
    // Bricks write their metadata out; as an output it would be unknown in a preview whenever a part of it is.
    const own = metadata as k8s.types.input.meta.v1.ObjectMeta;
    return { ...service, metadata: { ...own, annotations: { "pulumi.com/skipAwait": "true" } } };
}
