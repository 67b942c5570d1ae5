import { podChanges, under, type Changes } from "./fields";

/** As changes.ts, for the tools that people work with. */

const endpoint = (url: string): Changes => ({ url, clientLabels: { "other-client": "true" } });
const tracking: Changes = { ...endpoint("http://other.team-b.svc:5000"), credentialsSecret: "other" };

export const jupyterLabSettings: Changes = {
    memory: "4g",
    cpuRequest: "1",
    storage: "20g",
    storageClass: "fast",
    protectData: true,
    kernelIdleTimeout: "1h",
    tokenSecret: "other",
    clientNamespaces: ["team-b"],
    ...podChanges("pod"),
};
export const jupyterLab: Changes = {
    namespace: "team-b",
    image: "other",
    connect: [{ url: "sc://other.team-b.svc:15002" }],
    serviceAccount: "other",
    ...under("historyServer", endpoint("http://other.team-b.svc:18080")),
    ...under("tracking", tracking),
    ...jupyterLabSettings,
};
