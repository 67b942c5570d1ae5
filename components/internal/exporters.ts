import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Checks } from "./checks";
import type { Monitoring } from "./monitoring";
import type { PlainContainer } from "./pod";
import { imageReference } from "./values";

/** Programs that show the metrics of another one, which speaks no language of Prometheus. They share an image (see images/exporters). */

/** The user of that image, where it has a pod of its own. */
export const exporterUser = 1000;

/** Checks the image, without which a brick that is watched would have nothing to show. */
export function resolveExporterImage(
    checks: Checks,
    { exporterImage, monitoring }: { exporterImage?: pulumi.Input<string>; monitoring?: Monitoring },
): pulumi.Input<string> | undefined {
    checks.plain("exporterImage", exporterImage, (given) =>
        monitoring && given === undefined ? "is missing: monitoring needs an exporter" : undefined,
    );
    return checks.optional("exporterImage", exporterImage, imageReference);
}

interface Exporter extends Pick<PlainContainer, "image" | "args" | "env" | "volumeMounts"> {
    /** Where metrics are read. */
    port: number;
    /** Further ports. */
    ports?: k8s.types.input.core.v1.ContainerPort[];
}

/** It says at any time what it knows, also that it reaches nobody, so there is no readiness of its own to wait for. */
export const exporterContainer = ({ port, ports = [], ...exporter }: Exporter): PlainContainer => ({
    name: "exporter",
    ...exporter,
    ports: [{ name: "metrics", containerPort: port }, ...ports],
    livenessProbe: { tcpSocket: { port: "metrics" }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
});
