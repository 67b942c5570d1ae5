import type { SparkWorkspaceQuota, SparkWorkspaceSettings } from "../../components/workspace/args";
import { list, section, text, wholeNumber } from "../hints";
import { cpu, size } from "../quantity";
import { addresses, texts, type Every } from "./forms";

export const workspace = section("Quota and accounts of the namespace.", {
    quota: section("Upper bounds of everything in the namespace. Default: none.", {
        cpu: text("Sum of the CPU requests. Default: no bound.", cpu).optional(),
        memory: text("Sum of the memory limits. Default: no bound.", size("1g")).optional(),
        pods: wholeNumber("Number of pods. Default: no bound.", 1).optional(),
    } satisfies Every<SparkWorkspaceQuota>).optional(),
    dnsServers: list(
        "Addresses of further DNS servers. Known without it: kube-dns and CoreDNS, OpenShift's, caches on the nodes, Cloud DNS of Google. Default: none.",
        addresses,
    ).optional(),
    serverAccountAnnotations: texts(
        "Annotations of the account that Spark servers run as, for example the role that a cloud grants it. Default: none.",
    ).optional(),
    executorAccountAnnotations: texts("Annotations of the account that executors run as. Default: none.").optional(),
} satisfies Every<SparkWorkspaceSettings>);
