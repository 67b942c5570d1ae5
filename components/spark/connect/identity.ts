import { objectName, type Identity } from "../../internal/identity";

interface Named {
    name: string;
}

const application = "spark-connect";

export const serverIdentity = ({ name }: Named): Identity => ({ application, role: "server", instance: name });
export const checkIdentity = ({ name }: Named): Identity => ({ application, role: "check", instance: name });
export const executorIdentity = ({ name }: Named): Identity => ({ application, role: "executor", instance: name });

export const serviceName = ({ name }: Named): string => objectName(name, "connect");
export const podNamesService = ({ name }: Named): string => objectName(name, "connect-pods");
/** The Service of one server alone. */
export const replicaService = ({ name }: Named, ordinal: number): string => objectName(name, `connect-${ordinal}`);
export const serversName = ({ name }: Named): string => objectName(name, "connect", 52);
export const executorsName = ({ name }: Named): string => objectName(name, "executor");
export const checkName = ({ name }: Named): string => objectName(name, "connect-check");
export const clientsName = ({ name }: Named): string => objectName(name, "connect-client");
export const podName = (named: Named, ordinal: number): string => `${serversName(named)}-${ordinal}`;
/** The operator names executors after it, which bounds its length. */
export const resourceName = ({ name }: Named): string => objectName(name, "connect", 38);
