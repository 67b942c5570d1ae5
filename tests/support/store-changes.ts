import type { Changes } from "./fields";

/** Another value for every field of an S3 connection. */
export const s3: Changes = {
    endpoint: "https://s3.example.org",
    region: "eu-central-1",
    pathStyle: false,
    credentialsSecret: "other",
    credentialsFile: "/vault/secrets/other",
    "clusterEndpoint.namespace": "team-b",
    "clusterEndpoint.podLabels": { app: "other" },
    "clusterEndpoint.port": 9999,
    "clusterEndpoint.clientLabels": { "other-client": "true" },
};
