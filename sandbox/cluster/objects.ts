import { hasResolver } from "./config";
import { addresses, images, names, ports } from "./layout";

const system = "kube-system";

/**
 * What a cluster has beyond its programs: names, storage classes, metrics, and the rights of the programs that are ours.
 *
 * @param authority Certificate of the authority that signed the metrics server's.
 */
export function clusterObjects(authority: string): object[] {
    return [...dns(), ...storage(), ...metrics(authority), ...rights()];
}

function dns(): object[] {
    const labels = { "k8s-app": "kube-dns" };
    const corefile = `.:53 {
    errors
    health {
        lameduck 2s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        ttl 5
    }
${hasResolver() ? "    forward . /etc/resolv.conf\n" : ""}    cache 5
    loadbalance
}
`;
    return [
        object("v1", "ServiceAccount", "coredns", {}, system),
        object("v1", "ConfigMap", "coredns", { data: { Corefile: corefile } }, system),
        role("system:coredns", [
            { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
            { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
        ]),
        binding("system:coredns", "system:coredns", { kind: "ServiceAccount", name: "coredns", namespace: system }),
        object(
            "v1",
            "Service",
            "kube-dns",
            {
                spec: {
                    clusterIP: addresses.dns,
                    selector: labels,
                    ports: [
                        { name: "dns", port: 53, protocol: "UDP" },
                        { name: "dns-tcp", port: 53, protocol: "TCP" },
                    ],
                },
            },
            system,
        ),
        object(
            "apps/v1",
            "Deployment",
            "coredns",
            { spec: { replicas: 1, selector: { matchLabels: labels }, template: dnsPod(labels, corefile) } },
            system,
        ),
    ];
}

function dnsPod(labels: Record<string, string>, corefile: string): object {
    return {
        // A changed Corefile needs new pods.
        metadata: { labels, annotations: { "spark-platform/corefile": corefile } },
        spec: {
            serviceAccountName: "coredns",
            priorityClassName: "system-cluster-critical",
            dnsPolicy: "Default",
            terminationGracePeriodSeconds: 5,
            containers: [
                {
                    name: "coredns",
                    image: images.coredns,
                    imagePullPolicy: "Never",
                    args: ["-conf", "/etc/coredns/Corefile"],
                    ports: [
                        { containerPort: 53, protocol: "UDP", name: "dns" },
                        { containerPort: 53, protocol: "TCP", name: "dns-tcp" },
                    ],
                    resources: { requests: { cpu: "20m", memory: "40Mi" }, limits: { memory: "170Mi" } },
                    readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 2 },
                    livenessProbe: { httpGet: { path: "/health", port: 8080 }, initialDelaySeconds: 30, failureThreshold: 5 },
                    securityContext: {
                        allowPrivilegeEscalation: false,
                        readOnlyRootFilesystem: true,
                        capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
                    },
                    volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
                },
            ],
            volumes: [{ name: "config", configMap: { name: "coredns" } }],
        },
    };
}

function storage(): object[] {
    const storageClass = (name: string, volumeBindingMode: string, isDefault: boolean) => ({
        ...object("storage.k8s.io/v1", "StorageClass", name, {
            provisioner: names.provisioner,
            reclaimPolicy: "Delete",
            volumeBindingMode,
        }),
        metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
    });
    return [
        // As the clouds have it: a volume is made where its first pod runs.
        storageClass("standard", "WaitForFirstConsumer", true),
        storageClass("standard-immediate", "Immediate", false),
    ];
}

/** The metrics server runs beside the cluster's other programs; a Service without selector leads to it. */
function metrics(authority: string): object[] {
    const service = "metrics-server";
    return [
        object("v1", "Service", service, { spec: { ports: [{ name: "https", port: 443, targetPort: ports.metricsServer }] } }, system),
        {
            ...object("discovery.k8s.io/v1", "EndpointSlice", service, {
                addressType: "IPv4",
                ports: [{ name: "https", port: ports.metricsServer, protocol: "TCP" }],
                endpoints: [{ addresses: [addresses.host], conditions: { ready: true } }],
            }),
            metadata: { name: service, namespace: system, labels: { "kubernetes.io/service-name": service } },
        },
        object("apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io", {
            spec: {
                group: "metrics.k8s.io",
                version: "v1beta1",
                service: { name: service, namespace: system },
                caBundle: Buffer.from(authority).toString("base64"),
                groupPriorityMinimum: 100,
                versionPriority: 100,
            },
        }),
    ];
}

function rights(): object[] {
    const user = (name: string) => ({ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: `spark-platform:${name}` });
    const read = ["get", "list", "watch"];
    return [
        role("spark-platform:kube-router", [
            { apiGroups: [""], resources: ["namespaces", "pods", "services", "nodes", "endpoints"], verbs: read },
            { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: read },
            { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
        ]),
        binding("spark-platform:kube-router", "spark-platform:kube-router", user("kube-router")),
        role("spark-platform:metrics-server", [
            { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
            { apiGroups: [""], resources: ["pods", "nodes"], verbs: read },
        ]),
        binding("spark-platform:metrics-server", "spark-platform:metrics-server", user("metrics-server")),
        binding("spark-platform:metrics-server-delegator", "system:auth-delegator", user("metrics-server")),
        object(
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            "spark-platform:metrics-server-reader",
            {
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "extension-apiserver-authentication-reader" },
                subjects: [user("metrics-server")],
            },
            system,
        ),
        role("spark-platform:metrics-reader", [{ apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: read }], {
            // People who may see or change a namespace may see what it uses.
            "rbac.authorization.k8s.io/aggregate-to-view": "true",
            "rbac.authorization.k8s.io/aggregate-to-edit": "true",
            "rbac.authorization.k8s.io/aggregate-to-admin": "true",
        }),
        // The rights that Kubernetes itself defines for such a program.
        binding("spark-platform:volume-provisioner", "system:persistent-volume-provisioner", user("volume-provisioner")),
    ];
}

function object(apiVersion: string, kind: string, name: string, rest: object, namespace?: string): object {
    return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, ...rest };
}

function role(name: string, rules: object[], labels: Record<string, string> = {}): object {
    return { ...object("rbac.authorization.k8s.io/v1", "ClusterRole", name, { rules }), metadata: { name, labels } };
}

function binding(name: string, roleName: string, subject: object): object {
    return object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", name, {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: roleName },
        subjects: [subject],
    });
}
