import { objectName, type Identity } from "../../internal/identity";

interface Named {
    name: string;
}

/** The parts of an Airflow; what tasks run in is one of them. */
export const roles = ["api-server", "scheduler", "dag-processor", "triggerer", "worker", "migration"] as const;
export type Role = (typeof roles)[number];

/** What shows the numbers of all parts; there only where somebody looks. */
export const exporterRole = "metrics";
type AnyRole = Role | typeof exporterRole;

export const identityOf = ({ name }: Named, role: AnyRole): Identity => ({ application: "airflow", role, instance: name });
export const partName = ({ name }: Named, role: AnyRole): string => objectName(name, `airflow-${role}`);
export const serviceName = ({ name }: Named): string => objectName(name, "airflow");
export const keysSecretName = ({ name }: Named): string => objectName(name, "airflow-keys");
