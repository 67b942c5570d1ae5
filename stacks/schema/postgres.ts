import type { SparkPlatformPostgres } from "../../components";
import { named, scalar, section, text, wholeNumber, yesOrNo } from "../hints";
import { cpu, size } from "../quantity";
import { clientNamespaces, filled, image, pod, type Every } from "./forms";
import { partLogLevel } from "./logs";
import { monitoring } from "./monitoring";

export const postgres = section("A PostgreSQL server of its own, with generated passwords. Not together with database.", {
    image: image("Image of the server. Default: the registry's postgres, of the version that the platform is tested with.").optional(),

    storage: text("Size of the volume. Default: 10g.", size("1g")).optional(),
    storageClass: filled(
        "Storage class of the volume. Changing it replaces the volume and loses its data. Default: the cluster's.",
        "the name of a storage class",
    ).optional(),
    protectData: yesOrNo("Whether the volume refuses to be destroyed. Default: false.").optional(),
    memory: text("Memory of the server; a quarter of it is its buffer cache. Default: 512m.", size("256m")).optional(),
    cpuRequest: text("CPU request of the server. Default: 100m.", cpu).optional(),
    maxConnections: wholeNumber("Most connections at a time. Default: 100.", 10, 10_000).optional(),
    parameters: named(
        "Further settings of the server, as in postgresql.conf. Those that another key decides are refused. Default: none.",
        scalar("A setting."),
    ).optional(),
    tlsSecret: filled(
        "Secret with the keys tls.crt, tls.key and ca.crt for the server's host name; clients then verify the server. Default: the server signs one for itself, which clients cannot verify.",
        "the name of a Secret",
    ).optional(),
    clientNamespaces: clientNamespaces.optional(),
    logs: partLogLevel("warn").optional(),
    monitoring: monitoring.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformPostgres>);
