import type { SparkPlatformJupyterLab } from "../../components";
import { section, text, yesOrNo } from "../hints";
import { cpu, duration, size } from "../quantity";
import { classicName } from "./classic";
import { clientNamespaces, filled, image, pod, sparkVersion, type Every } from "./forms";
import { partLogLevel } from "./logs";
import { monitoring } from "./monitoring";

export const jupyterLab = section("One notebook server, under a name of your choice.", {
    sparkVersion: sparkVersion(
        "Spark version of the notebooks; they reach the Connect servers of this version. Default: the platform's.",
    ).optional(),
    image: image("Image of the server. Default: the registry's jupyter-lab of that Spark version.").optional(),
    classic: classicName("notebooks").optional(),
    memory: text("Memory of the server and all its kernels. Default: 2g.", size("512m")).optional(),
    cpuRequest: text("CPU request. Default: 250m.", cpu).optional(),
    storage: text("Size of the home directory, which holds the notebooks. Default: 5g.", size("1g")).optional(),
    storageClass: filled(
        "Storage class of the home directory. Changing it replaces the volume and loses the notebooks. Default: the cluster's.",
        "the name of a storage class",
    ).optional(),
    protectData: yesOrNo("Whether the home directory refuses to be destroyed. Default: false.").optional(),
    kernelIdleTimeout: text("Time after which a kernel that runs nothing is stopped. Default: 12h.", duration).optional(),
    tokenSecret: filled(
        "Secret with the key token, of at least 16 characters. Default: a generated one.",
        "the name of a Secret",
    ).optional(),
    clientNamespaces: clientNamespaces.optional(),
    logs: partLogLevel("info").optional(),
    monitoring: monitoring.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformJupyterLab>);
