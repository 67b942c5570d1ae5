import * as pulumi from "@pulumi/pulumi";

import * as components from "../../components";
import { accepted, checkedForm, type GivenConfig } from "../config";
import { kubeconfigPath } from "../kubeconfig";
import { problem } from "../problem";
import { addOnsSchema, type AddOnsFile } from "./schema";

type AddOns = Omit<AddOnsFile, "cluster">;
type Make<Key extends keyof AddOns> = (
    settings: NonNullable<AddOns[Key]>,
    opts: pulumi.ComponentResourceOptions,
) => { namespace: pulumi.Output<string> };

/** One line an add-on, under the name that its objects have in the program. */
const make: { [Key in keyof AddOns]-?: Make<Key> } = {
    certManager: (settings, opts) => new components.CertManagerAddOn("cert-manager", settings, opts),
    externalSecrets: (settings, opts) => new components.ExternalSecretsAddOn("external-secrets", settings, opts),
    keda: (settings, opts) => new components.KedaAddOn("keda", settings, opts),
    openTelemetry: (settings, opts) => new components.OpenTelemetryAddOn("opentelemetry", settings, opts),
    prometheusStack: (settings, opts) => new components.PrometheusStackAddOn("prometheus", settings, opts),
    sealedSecrets: (settings, opts) => new components.SealedSecretsAddOn("sealed-secrets", settings, opts),
    sparkOperator: (settings, opts) => new components.SparkOperatorAddOn("spark-operator", settings, opts),
    tempo: (settings, opts) => new components.TempoAddOn("tempo", settings, opts),
    traefik: (settings, opts) => new components.TraefikAddOn("traefik", settings, opts),
    trivy: (settings, opts) => new components.TrivyAddOn("trivy", settings, opts),
};

/** @throws pulumi.RunError with every problem of the stack file. */
export function checkAddOns(given: GivenConfig) {
    const { data, findings } = checkedForm(addOnsSchema, given);
    const { cluster, ...addOns } = accepted(addOnsSchema, given, data, findings.map(problem));
    return { addOns, provider: { context: cluster.context, kubeconfig: kubeconfigPath(cluster) } };
}

/** The add-ons that the file names, each with the namespace that it runs in. */
export function makeAddOns(addOns: AddOns, opts: pulumi.ComponentResourceOptions): Record<string, pulumi.Output<string>> {
    const made = (Object.keys(make) as (keyof AddOns)[]).flatMap((key) => {
        const settings = addOns[key];
        // The table's types say that the settings of a key fit its function, which a loop over keys loses.
        return settings === undefined ? [] : [[key, (make[key] as Make<typeof key>)(settings, opts).namespace] as const];
    });
    return Object.fromEntries(made);
}
