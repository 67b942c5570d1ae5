import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { cluster } from "../support/paths";
import { findCommand } from "../toolchain";
import { certificateFile, keyFile, users } from "./certificates";
import { addresses, apiServerUrl, dataPaths, images, names, ports, runPaths } from "./layout";

export const configFile = (name: string) => join(dataPaths.config, name);
export const kubeconfigOf = (user: string) => (user === "admin" ? cluster.kubeconfig : configFile(`${user}.kubeconfig`));

/** Where distributions put the CNI plugins. */
export const pluginDirectories = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];

/** Configuration files by path; every program of the cluster reads JSON where it reads YAML, except containerd. */
export function configFiles(): Record<string, string> {
    const objects: Record<string, unknown> = {
        "kubelet.json": kubelet(),
        "kube-proxy.json": proxy(),
        "audit.json": audit(),
        "cni/10-spark-platform.conflist": network(),
    };
    const json = Object.entries(objects).map(([name, object]) => [configFile(name), JSON.stringify(object, undefined, 2)]);
    return Object.fromEntries([...json, [configFile("containerd.toml"), containerd()]]) as Record<string, string>;
}

export async function writeConfigFiles(): Promise<void> {
    const kubeconfigs = users.map(({ name }) => [kubeconfigOf(name), kubeconfig(name)]);
    for (const [path = "", content = ""] of [...Object.entries(configFiles()), ...kubeconfigs, [runPaths.resolver, resolver()]]) {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(path, content, { mode: 0o600 });
    }
}

function kubeconfig(user: string): string {
    const embed = (file: string) => readFileSync(file).toString("base64");
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: names.context, cluster: { server: apiServerUrl, "certificate-authority-data": embed(certificateFile("ca")) } }],
        users: [{ name: user, user: { "client-certificate-data": embed(certificateFile(user)), "client-key-data": embed(keyFile(user)) } }],
        contexts: [{ name: names.context, context: { cluster: names.context, user } }],
        "current-context": names.context,
    });
}

function kubelet(): object {
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        address: addresses.host,
        port: ports.kubelet,
        readOnlyPort: 0,
        // Its work is to be seen at the node; the port would be one more to clash.
        healthzPort: 0,
        authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: certificateFile("ca") } },
        authorization: { mode: "Webhook" },
        tlsCertFile: certificateFile("kubelet-server"),
        tlsPrivateKeyFile: keyFile("kubelet-server"),
        clusterDomain: "cluster.local",
        clusterDNS: [addresses.dns],
        resolvConf: runPaths.resolver,
        containerRuntimeEndpoint: `unix://${runPaths.containerdSocket}`,
        cgroupDriver: "cgroupfs",
        cgroupRoot: `/${names.cgroup}`,
        failCgroupV1: false,
        failSwapOn: false,
        podLogsDir: dataPaths.podLogs,
        volumePluginDir: join(dataPaths.kubelet, "volume-plugins"),
        containerLogMaxSize: "10Mi",
        containerLogMaxFiles: 3,
        maxPods: 200,
        systemReserved: { memory: "1Gi" },
        // Images come from no registry: one that is collected is lost. A disk that is nearly full is a matter of gibibytes, not of percents.
        imageGCHighThresholdPercent: 100,
        imageGCLowThresholdPercent: 99,
        evictionHard: { "memory.available": "200Mi", "nodefs.available": "1Gi", "imagefs.available": "1Gi", "nodefs.inodesFree": "1%" },
        serializeImagePulls: false,
        // A claim, a Secret or a ConfigMap that comes late is seen within seconds.
        configMapAndSecretChangeDetectionStrategy: "Watch",
    };
}

function proxy(): object {
    return {
        apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
        kind: "KubeProxyConfiguration",
        clientConnection: { kubeconfig: kubeconfigOf("kube-proxy") },
        hostnameOverride: names.node,
        bindAddress: addresses.host,
        healthzBindAddress: `127.0.0.1:${ports.proxyHealth}`,
        metricsBindAddress: `127.0.0.1:${ports.proxyMetrics}`,
        mode: "iptables",
        clusterCIDR: addresses.pods,
        nodePortAddresses: [`${addresses.host}/32`],
        iptables: { localhostNodePorts: false, minSyncPeriod: "0s" },
        // Zero leaves the machine's own settings alone.
        conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    };
}

/** Who did what, without bodies; not the constant reading and the heartbeats. */
function audit(): object {
    return {
        apiVersion: "audit.k8s.io/v1",
        kind: "Policy",
        omitStages: ["RequestReceived"],
        rules: [
            { level: "None", users: users.map(({ subject }) => subject.replace(/.*CN=/, "")).filter((user) => user !== "admin") },
            { level: "None", userGroups: ["system:nodes"] },
            { level: "None", users: ["system:apiserver"] },
            { level: "None", userGroups: ["system:serviceaccounts:kube-system"] },
            { level: "None", nonResourceURLs: ["/healthz*", "/readyz*", "/livez*", "/version", "/openapi/*", "/api*", "/apis*"] },
            { level: "Metadata" },
        ],
    };
}

function network(): object {
    return {
        cniVersion: "1.0.0",
        name: names.network,
        plugins: [
            {
                type: "bridge",
                bridge: names.bridge,
                isGateway: true,
                // One rule for all pods, made with the bridge, is less to clean than a chain for each.
                ipMasq: false,
                hairpinMode: true,
                ipam: {
                    type: "host-local",
                    ranges: [[{ subnet: addresses.pods, rangeStart: addresses.firstPod, gateway: addresses.host }]],
                    routes: [{ dst: "0.0.0.0/0" }],
                    dataDir: runPaths.addresses,
                },
            },
            ...(existsSync("/proc/sys/net/ipv6") ? [withoutIpv6] : []),
        ],
    };
}

// Every interface gives itself an address of IPv6, and what passes between two of those no NetworkPolicy here would see.
const withoutIpv6 = { type: "tuning", sysctl: { "net.ipv6.conf.eth0.disable_ipv6": "1" } };

function containerd(): string {
    const runtime = "plugins.'io.containerd.cri.v1.runtime'";
    return `version = 3
root = '${dataPaths.containerd}'
state = '${runPaths.containerd}'
imports = []
# Each of these would make directories or sockets elsewhere on the machine, or look for what nobody uses here.
disabled_plugins = [
    'io.containerd.internal.v1.opt', 'io.containerd.nri.v1.nri', 'io.containerd.image-verifier.v1.bindir',
    'io.containerd.snapshotter.v1.blockfile', 'io.containerd.snapshotter.v1.erofs', 'io.containerd.differ.v1.erofs',
    'io.containerd.tracing.processor.v1.otlp', 'io.containerd.internal.v1.tracing',
]

[grpc]
address = '${runPaths.containerdSocket}'

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '${images.pause}'

[${runtime}]
# Where CAP_SYS_RESOURCE is missing, a negative score cannot be set, and no container would start.
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true

[${runtime}.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'

[${runtime}.containerd.runtimes.runc.options]
BinaryName = '${findCommand("runc") ?? "runc"}'
Root = '${runPaths.runc}'
SystemdCgroup = false

[${runtime}.cni]
bin_dirs = [${pluginDirectories.map((directory) => `'${directory}'`).join(", ")}]
conf_dir = '${configFile("cni")}'
`;
}

/**
 * What pods ask for names outside of the cluster: the machine's own servers. One on loopback would be the pod itself,
 * so what is behind a local resolver is asked directly.
 */
function resolver(): string {
    const candidates = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"].filter((file) => existsSync(file));
    const servers = candidates.flatMap((file) => readFileSync(file, "utf8").match(/^nameserver\s+\S+/gm) ?? []);
    const usable = servers.filter((line) => !/\s(127\.|::1)/.test(line));
    return usable.length === 0 ? "" : `${[...new Set(usable)].slice(0, 3).join("\n")}\n`;
}

/** Whether pods can ask anybody for names outside of the cluster. */
export const hasResolver = () => resolver() !== "";
