import type { z } from "zod";

import type * as components from "../../components";
import type { AddOnArgs } from "../../components";
import { list, section, text, wholeNumber, yesOrNo } from "../hints";
import { size } from "../quantity";
import { cluster } from "../schema";
import { filled, name, texts, type Every } from "../schema/forms";

const common = {
    namespace: name("Namespace to make and to install into. Default: the one of the project's own documents.").optional(),
    version: filled("Version of the chart. Default: the one that the brick's values are written for.", 'a version like "1.2.3"').optional(),
    mirror: filled(
        "Registry with a copy of the chart. Default: the project's own.",
        'a registry like "oci://registry.example.com/charts"',
    ).optional(),
    archive: filled("Archive or directory of the chart on this machine. Default: none.", "a path").optional(),
    values: filled("Further values of the chart, as a text of YAML. Default: none.", "a text of YAML").optional(),
    keepKinds: yesOrNo("Whether the kinds of objects that come with it stay when it goes. Default: true.").optional(),
} satisfies Every<AddOnArgs>;

const replicas = (what: string, by: number) => wholeNumber(`Number of ${what}. Default: ${by}.`, 1).optional();
const days = (what: string, by: number) => wholeNumber(`Days ${what}. Default: ${by}.`, 1).optional();
const storage = (by: string) => text(`Disk. Default: ${by}.`, size("1g")).optional();
const gatewayApi = yesOrNo("Whether it also serves Gateways; their kinds must be in the cluster. Default: false.").optional();

const certManager = section("Certificates for TLS (cert-manager).", {
    ...common,
    gatewayApi,
} satisfies Every<components.CertManagerAddOnArgs>);
const externalSecrets = section("Secrets from what clouds and Vault keep (External Secrets).", {
    ...common,
    accountAnnotations: texts("Annotations of its account, for example the role that a cloud grants it. Default: none.").optional(),
    replicas: replicas("controllers", 1),
} satisfies Every<components.ExternalSecretsAddOnArgs>);
const keda = section("Scaling by work (KEDA).", {
    ...common,
    watchNamespace: name("The only namespace that it serves. Default: all.").optional(),
} satisfies Every<components.KedaAddOnArgs>);
const openTelemetry = section("Collector of traces (OpenTelemetry).", {
    ...common,
    tracesTo: filled("Where traces go.", 'an address like "tempo.tempo.svc:4317"'),
    insecure: yesOrNo("Whether the way there is without TLS. Default: true.").optional(),
    replicas: replicas("collectors", 1),
} satisfies Every<components.OpenTelemetryAddOnArgs>);
const prometheusStack = section("Measurements, alerts and dashboards (kube-prometheus-stack).", {
    ...common,
    retentionDays: days("that measurements are kept", 15),
    storage: storage("20g"),
    grafanaAdminSecret: name("Secret with the keys admin-user and admin-password. Default: a generated one.").optional(),
} satisfies Every<components.PrometheusStackAddOnArgs>);
const sealedSecrets = section("Secrets from ciphertexts in git (Sealed Secrets).", {
    ...common,
    keyRenewalDays: days("until it makes a new key", 30),
} satisfies Every<components.SealedSecretsAddOnArgs>);
const sparkOperator = section("Applications as objects of the cluster (Kubeflow Spark operator).", {
    ...common,
    jobNamespaces: list("Namespaces whose applications it runs; they must exist.", name("A namespace.")),
    image: filled(
        "Image of the operator. Default: the project's own.",
        'an image like "registry.example.com/spark-operator:2.5.2"',
    ).optional(),
    replicas: replicas("operators, of which one works", 1),
    workers: wholeNumber("Applications that are submitted at a time. Default: 2.", 1, 50).optional(),
    memory: text("Memory of each operator, submissions included. Default: 1500m.", size("512m")).optional(),
} satisfies Every<components.SparkOperatorAddOnArgs>);
const tempo = section("Store of traces (Tempo).", {
    ...common,
    retentionDays: days("that traces are kept", 7),
    storage: storage("10g"),
} satisfies Every<components.TempoAddOnArgs>);
const traefik = section("The way in from outside (Traefik).", {
    ...common,
    replicas: replicas("proxies", 2),
    gatewayApi,
    defaultClass: yesOrNo("Whether Ingresses that name no class are its own. Default: false.").optional(),
} satisfies Every<components.TraefikAddOnArgs>);
const trivy = section("Reports of known vulnerabilities (Trivy).", {
    ...common,
    severity: filled("Severities that it reports. Default: HIGH,CRITICAL.", 'severities like "HIGH,CRITICAL"').optional(),
    namespaces: list("Namespaces that it looks at. Default: all.", name("A namespace.")).optional(),
} satisfies Every<components.TrivyAddOnArgs>);

/** Everything that the stack file of a cluster may say; what is left out is not installed. */
export const addOnsSchema = section("Keys of the namespace spark-cluster-addons.", {
    cluster,
    certManager: certManager.optional(),
    externalSecrets: externalSecrets.optional(),
    keda: keda.optional(),
    openTelemetry: openTelemetry.optional(),
    prometheusStack: prometheusStack.optional(),
    sealedSecrets: sealedSecrets.optional(),
    sparkOperator: sparkOperator.optional(),
    tempo: tempo.optional(),
    traefik: traefik.optional(),
    trivy: trivy.optional(),
});

export type AddOnsFile = z.infer<typeof addOnsSchema>;
