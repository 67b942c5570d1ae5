/** Cluster-wide software that bricks may lean on, each from its project's own chart: one instance a cluster, see stacks/cluster-addons. */
export type { AddOnArgs } from "./add-on";
export { CertManagerAddOn, type CertManagerAddOnArgs } from "./cert-manager";
export { ExternalSecretsAddOn, type ExternalSecretsAddOnArgs } from "./external-secrets";
export { KedaAddOn, type KedaAddOnArgs } from "./keda";
export { OpenTelemetryAddOn, type OpenTelemetryAddOnArgs } from "./open-telemetry";
export { PrometheusStackAddOn, type PrometheusStackAddOnArgs } from "./prometheus-stack";
export { SealedSecretsAddOn, type SealedSecretsAddOnArgs } from "./sealed-secrets";
export { SparkOperatorAddOn, type SparkOperatorAddOnArgs } from "./spark-operator";
export { TempoAddOn, type TempoAddOnArgs } from "./tempo";
export { TraefikAddOn, type TraefikAddOnArgs } from "./traefik";
export { TrivyAddOn, type TrivyAddOnArgs } from "./trivy";
