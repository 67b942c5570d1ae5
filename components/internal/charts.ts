/** One chart of the catalogue. */
export interface ChartFacts {
    /** Official repository: https, or the registry path of an OCI repository. */
    repository: string;
    chart: string;
    /** Version that the brick's values are written for. */
    version: string;
    /** Version of the software in it. */
    appVersion: string;
    /** Namespace that the project's own documents use. */
    namespace: string;
}

/** Every chart that the platform knows, at the one version that its values are written for. No other file names a repository. */
export const charts = {
    certManager: {
        repository: "https://charts.jetstack.io",
        chart: "cert-manager",
        version: "v1.21.1",
        appVersion: "v1.21.1",
        namespace: "cert-manager",
    },
    externalSecrets: {
        repository: "https://charts.external-secrets.io",
        chart: "external-secrets",
        version: "2.9.0",
        appVersion: "v2.9.0",
        namespace: "external-secrets",
    },
    keda: {
        repository: "https://kedacore.github.io/charts",
        chart: "keda",
        version: "2.20.2",
        appVersion: "2.20.2",
        namespace: "keda",
    },
    openTelemetry: {
        repository: "https://open-telemetry.github.io/opentelemetry-helm-charts",
        chart: "opentelemetry-collector",
        version: "0.170.0",
        appVersion: "0.158.0",
        namespace: "opentelemetry",
    },
    prometheusStack: {
        repository: "https://prometheus-community.github.io/helm-charts",
        chart: "kube-prometheus-stack",
        version: "88.5.3",
        appVersion: "v0.93.1",
        namespace: "monitoring",
    },
    sealedSecrets: {
        repository: "https://bitnami.github.io/sealed-secrets",
        chart: "sealed-secrets",
        version: "2.19.1",
        appVersion: "0.38.4",
        namespace: "sealed-secrets",
    },
    sparkOperator: {
        repository: "https://kubeflow.github.io/spark-operator",
        chart: "spark-operator",
        version: "2.5.2",
        appVersion: "2.5.2",
        namespace: "spark-operator",
    },
    tempo: {
        repository: "https://grafana-community.github.io/helm-charts",
        chart: "tempo",
        version: "2.2.4",
        appVersion: "2.10.8",
        namespace: "tempo",
    },
    traefik: {
        repository: "https://traefik.github.io/charts",
        chart: "traefik",
        version: "41.3.0",
        appVersion: "v3.7.11",
        namespace: "traefik",
    },
    trivy: {
        repository: "https://aquasecurity.github.io/helm-charts",
        chart: "trivy-operator",
        version: "0.34.0",
        appVersion: "0.32.0",
        namespace: "trivy-system",
    },
} as const satisfies Record<string, ChartFacts>;
