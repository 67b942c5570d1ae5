import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { charts } from "../internal/charts";
import { Checks } from "../internal/checks";
import { objectName } from "../internal/identity";
import { memorySize, quantity } from "../internal/memory";
import { dashboardLabel } from "../internal/monitoring";
import { dnsLabel, optional, wholeNumber } from "../internal/values";
import { install, resolveAddOn, type AddOnArgs, type ResolvedAddOn, type Values } from "./add-on";

/** Arguments of `PrometheusStackAddOn`. */
export interface PrometheusStackAddOnArgs extends AddOnArgs {
    /** Days that measurements are kept. Default: 15. */
    retentionDays?: number;
    /** Disk for them, for example 50g. Default: 20g. */
    storage?: string;
    /** Secret of the namespace with the keys admin-user and admin-password, for Grafana. Default: one with a generated password. */
    grafanaAdminSecret?: string;
}

/** Prometheus operator, Prometheus, Alertmanager and Grafana, which takes every monitor, rule and dashboard of the cluster. */
export class PrometheusStackAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: PrometheusStackAddOnArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:PrometheusStackAddOn", name, {}, opts);
        const checks = new Checks(`PrometheusStackAddOn "${name}"`);
        checks.plain("retentionDays", args.retentionDays, optional(wholeNumber({ from: 1 })));
        checks.plain("storage", args.storage, optional(memorySize({ from: "1g" })));
        checks.plain("grafanaAdminSecret", args.grafanaAdminSecret, optional(dnsLabel));
        const adminSecret = args.grafanaAdminSecret ?? objectName(name, "grafana-admin");
        const addOn = resolveAddOn("PrometheusStackAddOn", name, charts.prometheusStack, args, values(args, adminSecret), checks);
        this.namespace = install(this, addOn, {
            first: (inNamespace) => (args.grafanaAdminSecret === undefined ? [grafanaAdmin(addOn, adminSecret, inNamespace)] : []),
        });
        this.registerOutputs({ namespace: this.namespace });
    }
}

/** The chart itself would make a new password at every look. */
function grafanaAdmin({ name, namespace }: ResolvedAddOn, secret: string, inNamespace: pulumi.CustomResourceOptions): pulumi.Resource {
    const password = new random.RandomPassword(`${name}-grafana-password`, { length: 24, special: false }, { parent: inNamespace.parent });
    const stringData = { "admin-user": "admin", "admin-password": password.result };
    return new k8s.core.v1.Secret(`${name}-grafana-admin`, { metadata: { name: secret, namespace }, stringData }, inNamespace);
}

/**
 * Monitors without a label of the release count too, as nobody else would look at ours. The control plane of managed clusters
 * cannot be asked, and what needs the host (node-exporter) is not for a namespace of the standard `restricted`.
 */
function values({ retentionDays = 15, storage = "20g" }: PrometheusStackAddOnArgs, grafanaAdminSecret: string): Values {
    const off = { enabled: false };
    const everything = ["serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig"].map((kind) => [
        `${kind}SelectorNilUsesHelmValues`,
        false,
    ]);
    const claim = { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: quantity(storage) } } } };
    return {
        ...Object.fromEntries(
            ["kubeEtcd", "kubeControllerManager", "kubeScheduler", "kubeProxy", "coreDns", "nodeExporter"].map((part) => [part, off]),
        ),
        // Its certificates come by hooks, which a chart rendered by Pulumi has not.
        prometheusOperator: { admissionWebhooks: off, tls: off },
        prometheus: {
            prometheusSpec: {
                ...(Object.fromEntries(everything) as Values),
                retention: `${retentionDays}d`,
                storageSpec: { volumeClaimTemplate: claim },
                enableOTLPReceiver: false,
            },
        },
        grafana: {
            admin: { existingSecret: grafanaAdminSecret, userKey: "admin-user", passwordKey: "admin-password" },
            sidecar: { dashboards: { enabled: true, label: dashboardLabel, labelValue: "1", searchNamespace: "ALL" } },
        },
    };
}
