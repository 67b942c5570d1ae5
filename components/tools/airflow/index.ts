import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { resolveAirflow, type AirflowArgs, type ResolvedAirflow } from "./args";
import { after } from "../../internal/after";
import type { ResolvedMonitoring } from "../../internal/monitoring";
import { unawaited } from "../../internal/services";
import { addressOf } from "./containers";
import * as exporters from "./exporter";
import { roles } from "./identity";
import * as objects from "./objects";

export type { AirflowArgs, AirflowProcess, AirflowSecretKey, AirflowSettings, AirflowWorker } from "./args";

/** Airflow 3 with a pod for each task: tasks are clients of the platform's Spark, their logs go to the object store. */
export class Airflow extends pulumi.ComponentResource {
    /** URL of the web UI and the API inside the cluster. */
    public readonly url: pulumi.Output<string>;
    /** Secret with the keys username and password of the administrator. */
    public readonly adminSecret: pulumi.Output<string>;
    /** Labels that let a pod of the same namespace through to the API server. */
    public readonly clientLabels: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: AirflowArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:Airflow", name, {}, opts);
        const airflow = resolveAirflow(name, args);
        const child = { parent: this };

        this.adminSecret = airflow.adminSecret === undefined ? generatedAdmin(name, airflow, child) : pulumi.output(airflow.adminSecret);
        const keys = new k8s.core.v1.Secret(`${name}-keys`, objects.keysSecret(airflow, generatedKeys(name, child)), child);
        const dags = new k8s.core.v1.ConfigMap(`${name}-dags`, objects.dags(airflow), child);
        const template = new k8s.core.v1.ConfigMap(`${name}-template`, objects.template(airflow, dags.metadata.name), child);
        const worker = new k8s.core.v1.ServiceAccount(`${name}-worker-account`, objects.account(airflow, "worker"), child);
        const scheduler = new k8s.core.v1.ServiceAccount(`${name}-scheduler-account`, objects.account(airflow, "scheduler"), child);
        const role = new k8s.rbac.v1.Role(`${name}-scheduler-role`, objects.schedulerRole(airflow), child);
        const binding = new k8s.rbac.v1.RoleBinding(`${name}-scheduler-binding`, objects.schedulerBinding(airflow), child);
        if (airflow.applications) {
            new k8s.rbac.v1.Role(`${name}-worker-role`, objects.workerRole(airflow), child);
            new k8s.rbac.v1.RoleBinding(`${name}-worker-binding`, objects.workerBinding(airflow), child);
        }
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(airflow)), child);
        const networks = roles.map(
            (one) => new k8s.networking.v1.NetworkPolicy(`${name}-${one}-network`, objects.network(airflow, one), child),
        );
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(airflow), child);
        const migrationNeeds = { ...child, dependsOn: [keys, ...networks] };
        const migration = new k8s.batch.v1.Job(`${name}-migration`, objects.migration(airflow, this.adminSecret), migrationNeeds);

        const told = airflow.monitoring ? [watch(name, airflow, airflow.monitoring, child)] : [];
        const names = { dags: dags.metadata.name, template: template.metadata.name };
        const needs = { ...child, dependsOn: [migration, ...told] };
        const schedulerNeeds = { ...child, dependsOn: [migration, ...told, worker, scheduler, role, binding] };
        const apiServer = new k8s.apps.v1.Deployment(
            `${name}-api-server`,
            objects.part(airflow, "api-server", airflow.apiServer, names),
            needs,
        );
        new k8s.apps.v1.Deployment(`${name}-scheduler`, objects.part(airflow, "scheduler", airflow.scheduler, names), schedulerNeeds);
        new k8s.apps.v1.Deployment(`${name}-dag-processor`, objects.part(airflow, "dag-processor", airflow.dagProcessor, names), needs);
        new k8s.apps.v1.Deployment(`${name}-triggerer`, objects.part(airflow, "triggerer", airflow.triggerer, names), needs);

        this.url = after(addressOf(airflow), address, apiServer);
        this.clientLabels = pulumi.output(objects.clientLabels(airflow));
        this.registerOutputs({ url: this.url, adminSecret: this.adminSecret, clientLabels: this.clientLabels });
    }
}

/** The monitor, and the exporter that it leads to; the answer is the address that the parts look up when they start. */
function watch(name: string, airflow: ResolvedAirflow, monitoring: ResolvedMonitoring, child: pulumi.CustomResourceOptions) {
    new k8s.apiextensions.CustomResource(`${name}-monitor`, exporters.exporterMonitor(airflow, monitoring), child);
    new k8s.networking.v1.NetworkPolicy(`${name}-metrics-network`, exporters.exporterNetwork(airflow), child);
    new k8s.apps.v1.Deployment(`${name}-metrics`, exporters.exporter(airflow), child);
    return new k8s.core.v1.Service(`${name}-metrics-address`, unawaited(exporters.exporterAddress(airflow)), child);
}

function generatedAdmin(name: string, airflow: ResolvedAirflow, child: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const password = new random.RandomPassword(`${name}-admin-password`, { length: 40, special: false }, child);
    return new k8s.core.v1.Secret(`${name}-admin`, objects.adminSecret(airflow, password.result), child).metadata.name;
}

function generatedKeys(name: string, child: pulumi.CustomResourceOptions) {
    const word = (role: string) => new random.RandomPassword(`${name}-${role}`, { length: 64, special: false }, child).result;
    const fernet = new random.RandomBytes(`${name}-fernet`, { length: 32 }, child);
    return { fernet: fernet.base64, jwt: word("jwt"), session: word("session-key") };
}
