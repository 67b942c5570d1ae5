import { join } from "node:path";

import versions from "../versions.json";

/** Programs that are built from Go modules, because a package registry is all that a machine needs to have them. */
export interface GoTool {
    /** Folder under `modules/`, whose go.mod and go.sum lock every dependency. */
    module: string;
    version: string;
    packages: string[];
    tags?: string;
    /** Values set at link time: `-X name=value`. */
    variables?: Record<string, string>;
    /** Name of the one binary, where the package's own name would be misleading. */
    output?: string;
    binaries: string[];
    /** Names under which the first binary answers too. */
    links?: string[];
}

const [major = "", minor = ""] = versions.kubernetes.split(".");
const componentVersion = "k8s.io/component-base/version";
const exporterVersion = "github.com/prometheus/common/version.Version";

export const goTools = {
    pulumi: {
        module: "pulumi",
        version: versions.pulumi,
        packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
        binaries: ["pulumi"],
    },
    kubernetes: {
        module: "kubernetes",
        version: versions.kubernetes,
        packages: ["."],
        variables: {
            [`${componentVersion}.gitVersion`]: `v${versions.kubernetes}`,
            [`${componentVersion}.gitMajor`]: major,
            [`${componentVersion}.gitMinor`]: minor,
        },
        binaries: ["kubernetes"],
        links: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "kubectl", "volume-provisioner"],
    },
    etcd: { module: "etcd", version: versions.etcd, packages: ["go.etcd.io/etcd/server/v3"], output: "etcd", binaries: ["etcd"] },
    containerd: {
        module: "containerd",
        version: versions.containerd,
        packages: ["containerd", "containerd-shim-runc-v2", "ctr"].map((name) => `github.com/containerd/containerd/v2/cmd/${name}`),
        tags: "no_btrfs,no_zfs,no_devmapper",
        binaries: ["containerd", "containerd-shim-runc-v2", "ctr"],
    },
    coredns: { module: "coredns", version: versions.coredns, packages: ["github.com/coredns/coredns"], binaries: ["coredns"] },
    "kube-router": {
        module: "kube-router",
        version: versions.kubeRouter,
        packages: ["github.com/cloudnativelabs/kube-router/v2/cmd/kube-router"],
        binaries: ["kube-router"],
    },
    "metrics-server": {
        module: "metrics-server",
        version: versions.metricsServer,
        packages: ["sigs.k8s.io/metrics-server/cmd/metrics-server"],
        binaries: ["metrics-server"],
    },
    minio: { module: "minio", version: versions.minio, packages: ["github.com/minio/minio"], binaries: ["minio"] },
    "spark-operator": {
        module: "spark-operator",
        version: versions.sparkOperator,
        packages: ["github.com/kubeflow/spark-operator/v2/cmd/operator"],
        output: "spark-operator",
        binaries: ["spark-operator"],
    },
    helm: { module: "helm", version: versions.helm, packages: ["helm.sh/helm/v3/cmd/helm"], binaries: ["helm"] },
    prometheus: {
        module: "prometheus",
        version: versions.prometheus,
        packages: ["prometheus", "promtool"].map((name) => `github.com/prometheus/prometheus/cmd/${name}`),
        // Tests name their targets; clients of every cloud that could would make the program three times as large.
        tags: "remove_all_sd",
        binaries: ["prometheus", "promtool"],
    },
    "keda-operator": {
        module: "keda",
        version: versions.keda,
        packages: ["github.com/kedacore/keda/v2/cmd/operator"],
        output: "keda-operator",
        binaries: ["keda-operator"],
    },
    "keda-adapter": {
        module: "keda",
        version: versions.keda,
        packages: ["github.com/kedacore/keda/v2/cmd/adapter"],
        output: "keda-adapter",
        binaries: ["keda-adapter"],
    },
    "statsd-exporter": {
        module: "statsd-exporter",
        version: versions.statsdExporter,
        packages: ["github.com/prometheus/statsd_exporter"],
        variables: { [exporterVersion]: versions.statsdExporter },
        output: "statsd-exporter",
        binaries: ["statsd-exporter"],
    },
    "postgres-exporter": {
        module: "postgres-exporter",
        version: versions.postgresExporter,
        packages: ["github.com/prometheus-community/postgres_exporter/cmd/postgres_exporter"],
        variables: { [exporterVersion]: versions.postgresExporter },
        output: "postgres-exporter",
        binaries: ["postgres-exporter"],
    },
    pause: { module: "pause", version: "1", packages: ["."], binaries: ["pause"] },
    supervisor: { module: "supervisor", version: "1", packages: ["."], binaries: ["supervisor"] },
} as const satisfies Record<string, GoTool>;

export type GoToolName = keyof typeof goTools;

/** A program of the distribution, known by a file it brings. */
export interface DebianPackage {
    name: string;
    /** A command, or a path. */
    brings: string;
}

/** What the distribution gives, by what it is for. */
export const debianPackages = {
    "cluster-packages": [
        { name: "runc", brings: "runc" },
        { name: "containernetworking-plugins", brings: "/usr/lib/cni/bridge" },
        { name: "iptables", brings: "iptables-save" },
        { name: "conntrack", brings: "conntrack" },
        { name: "ipset", brings: "ipset" },
        { name: "iproute2", brings: "ip" },
        { name: "openssl", brings: "openssl" },
        { name: "util-linux", brings: "flock" },
        { name: "mount", brings: "umount" },
        { name: "procps", brings: "sysctl" },
    ],
    "image-packages": [
        { name: "buildah", brings: "buildah" },
        { name: "mmdebstrap", brings: "mmdebstrap" },
        // Debian's own keys, which Ubuntu does not bring along.
        { name: "debian-archive-keyring", brings: "/usr/share/keyrings/debian-archive-keyring.gpg" },
    ],
} as const satisfies Record<string, readonly DebianPackage[]>;

export type DebianPackages = keyof typeof debianPackages;

/** Anything that {@link ensureTools} can be asked for. */
export type ToolName = GoToolName | DebianPackages;

/** What the dev stack does without: built for the programs, images and tests that ask for it. */
export const furtherTools: GoToolName[] = [
    "helm",
    "spark-operator",
    "prometheus",
    "keda-operator",
    "keda-adapter",
    "statsd-exporter",
    "postgres-exporter",
];

/** All that the sandbox needs. */
export const sandboxTools: ToolName[] = [
    "cluster-packages",
    "image-packages",
    ...(Object.keys(goTools) as GoToolName[]).filter((name) => !furtherTools.includes(name)),
];

export const clusterTools: ToolName[] = [
    "cluster-packages",
    "kubernetes",
    "etcd",
    "containerd",
    "coredns",
    "kube-router",
    "metrics-server",
    "pause",
    "supervisor",
];

export const moduleFolder = (tool: GoTool) => join(__dirname, "modules", tool.module);
