import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { exporterContainer, exporterUser } from "../../internal/exporters";
import { labelsOf, selectorOf } from "../../internal/identity";
import { podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import type { ResolvedAirflow } from "./args";
import { exporterPort, statsdPort } from "./conf";
import { exporterRole, identityOf, partName } from "./identity";
import { exporterPolicy } from "./network";

/**
 * What Airflow's processes and the pods of tasks send their numbers to, and Prometheus reads them from. One for all: a task's pod is gone
 * before anybody looks.
 */

const selector = (airflow: ResolvedAirflow) => selectorOf(identityOf(airflow, exporterRole));

const metadata = (airflow: ResolvedAirflow): k8s.types.input.meta.v1.ObjectMeta => ({
    name: partName(airflow, exporterRole),
    namespace: airflow.namespace,
    labels: labelsOf(identityOf(airflow, exporterRole)),
});

/**
 * A process looks its address up once, when it starts, and goes without where there is none: an exporter that does not come up does not
 * keep Airflow from it.
 */
export const exporterAddress = (airflow: ResolvedAirflow): k8s.core.v1.ServiceArgs => ({
    metadata: metadata(airflow),
    spec: { selector: selector(airflow), ports: [{ name: "statsd", protocol: "UDP", port: statsdPort, targetPort: "statsd" }] },
});

export const exporterNetwork = (airflow: ResolvedAirflow): k8s.networking.v1.NetworkPolicyArgs => ({
    metadata: metadata(airflow),
    spec: pulumi.output(airflow.monitoring).apply((monitoring) => exporterPolicy({ name: airflow.name, monitoring })),
});

export const exporterMonitor = (airflow: ResolvedAirflow, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs =>
    podMonitor(
        { metadata: metadata(airflow), selector: selector(airflow), endpoints: [{ port: "metrics", path: "/metrics" }] },
        monitoring,
    );

export const exporter = (airflow: ResolvedAirflow): k8s.apps.v1.DeploymentArgs => ({
    metadata: metadata(airflow),
    spec: {
        replicas: 1,
        selector: { matchLabels: selector(airflow) },
        template: {
            metadata: podMetadata(labelsOf<string>(identityOf(airflow, exporterRole)), airflow.pod),
            spec: restrictedPod({ user: exporterUser, terminationGracePeriodSeconds: 5, containers: [container(airflow)] }, airflow.pod),
        },
    },
});

const container = ({ exporterImage }: ResolvedAirflow): PlainContainer => ({
    ...exporterContainer({
        image: exporterImage,
        args: [
            "/usr/local/bin/statsd-exporter",
            ...[`--web.listen-address=:${exporterPort}`, `--statsd.listen-udp=:${statsdPort}`, "--statsd.listen-tcp="],
        ],
        port: exporterPort,
        ports: [{ name: "statsd", containerPort: statsdPort, protocol: "UDP" }],
    }),
    readinessProbe: { httpGet: { path: "/-/ready", port: "metrics" }, periodSeconds: 5, timeoutSeconds: 5 },
});
