import type { ServiceEndpoint, SparkPlatformHistoryPortal } from "../../components";
import { named, section, text, wholeNumber } from "../hints";
import { clientNamespaces, forms, image, pod, texts, type Every } from "./forms";

const server = section("A History Server elsewhere.", {
    url: text("URL inside the cluster.", forms.url),
    clientLabels: texts("Labels that let a pod of the server's namespace through to it. Default: none.").optional(),
} satisfies Every<ServiceEndpoint>);

export const historyPortal = section(
    "One address for the histories of several teams, the platform's own among them ({} for that alone). Default: none.",
    {
        image: image("Image of the portal. Default: the registry's tls-proxy, which has nginx.").optional(),
        servers: named("History Servers of others, by the names that they are shown under. Default: none.", server).optional(),
        replicas: wholeNumber("Number of proxies behind one address. Default: 1.", 1).optional(),
        clientNamespaces: clientNamespaces.optional(),
        pod: pod.optional(),
    } satisfies Every<SparkPlatformHistoryPortal>,
);
