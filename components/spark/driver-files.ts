import { dirname } from "node:path/posix";

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { executorTemplateFile } from "./client-mode";

/** What a driver reads: its settings, and the templates of the pods that it makes, all of one ConfigMap. */
export interface DriverFiles {
    settings: pulumi.Input<string>;
    /** Keys of the templates. */
    templates: string[];
    /** Whether the ConfigMap may be without templates. */
    mayLackTemplates?: boolean;
    /** What the names of the volumes begin with, in a pod that has volumes of its own. */
    prefix?: string;
}

/** Some keys of a ConfigMap, as files of the same names. */
export const volumeOfKeys = (name: string, configMap: pulumi.Input<string>, keys: string[]) => ({
    name,
    configMap: { name: configMap, items: keys.map((key) => ({ key, path: key })) },
});

/** Two volumes of one ConfigMap: what lies beside spark-defaults.conf Spark would hand to every executor. */
export function driverFileVolumes({ settings, templates, mayLackTemplates, prefix = "" }: DriverFiles): k8s.types.input.core.v1.Volume[] {
    const { name, configMap } = volumeOfKeys(`${prefix}templates`, settings, templates);
    const ofTemplates = { name, configMap: { ...configMap, ...(mayLackTemplates && { optional: true }) } };
    return [volumeOfKeys(`${prefix}settings`, settings, ["spark-defaults.conf"]), ...(templates.length > 0 ? [ofTemplates] : [])];
}

export const driverFileMounts = ({ templates, prefix = "" }: Omit<DriverFiles, "settings">): k8s.types.input.core.v1.VolumeMount[] => [
    { name: `${prefix}settings`, mountPath: "/opt/spark/conf", readOnly: true },
    ...(templates.length > 0 ? [{ name: `${prefix}templates`, mountPath: dirname(executorTemplateFile), readOnly: true }] : []),
];
