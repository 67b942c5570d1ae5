import { objectName, type Identity } from "../../internal/identity";

interface Named {
    name: string;
}

const application = "spark-standalone";

export const masterIdentity = ({ name }: Named): Identity => ({ application, role: "master", instance: name });
export const workerIdentity = ({ name }: Named): Identity => ({ application, role: "worker", instance: name });

/** What clients wear the label of. */
export const serviceName = ({ name }: Named): string => objectName(name, "standalone");
export const mastersName = ({ name }: Named): string => objectName(name, "master", 52);
export const workersName = ({ name }: Named): string => objectName(name, "worker", 52);
/** Part of every master's host name, so never the same as the address of the web UI. */
export const masterNamesService = ({ name }: Named): string => objectName(name, "masters");
export const workerNamesService = ({ name }: Named): string => objectName(name, "workers");
export const clientsName = ({ name }: Named): string => objectName(name, "standalone-client");

export const masterHost = (cluster: Named, namespace: string, ordinal: number | string): string =>
    `${mastersName(cluster)}-${ordinal}.${masterNamesService(cluster)}.${namespace}.svc`;
