import { join } from "node:path";

import { cluster } from "../support/paths";
import { tool } from "../toolchain";
import { certificateFile, keyFile, serviceAccountKeys } from "./certificates";
import { configFile, kubeconfigOf } from "./config";
import { addresses, apiServerUrl, dataPaths, names, ports, runPaths } from "./layout";

/** A program as the supervisor runs it (see its main.go). */
export interface Process {
    name: string;
    command: string[];
    env: Record<string, string>;
    log: string;
    after: string[];
    stopSeconds: number;
}

type Flags = Record<string, string | number | boolean>;

function process(name: string, flags: Flags, { after = [], stopSeconds = 5, env = {} }: Partial<Process> = {}): Process {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    return { name, command: [tool(name), ...args], env, log: join(dataPaths.logs, `${name}.log`), after, stopSeconds };
}

const apiServerIsReady = `${apiServerUrl}/readyz`;

/** Every program of the cluster, in the order of their start; they stop the other way round. */
export function processes(): Process[] {
    // They have nothing to save, and two of them are frozen when they are told to stop.
    const apiClient = (name: string, flags: Flags) => process(name, flags, { after: [apiServerIsReady], stopSeconds: 1 });
    return [
        process("etcd", etcd, { stopSeconds: 10 }),
        process("containerd", { config: configFile("containerd.toml"), "log-level": "warn" }),
        process("kube-apiserver", apiServer, { after: [`unix:${runPaths.etcdSocket}`], stopSeconds: 5 }),
        apiClient("kube-controller-manager", controllerManager),
        apiClient("kube-scheduler", { kubeconfig: kubeconfigOf("kube-scheduler"), "leader-elect": false, "secure-port": 0 }),
        apiClient("kube-proxy", { config: configFile("kube-proxy.json") }),
        // It writes the table of filters as a whole: what another program adds meanwhile would be lost.
        process("kube-router", router, { after: [apiServerIsReady, `http://127.0.0.1:${ports.proxyHealth}/healthz`], stopSeconds: 1 }),
        apiClient("volume-provisioner", {
            kubeconfig: kubeconfigOf("volume-provisioner"),
            directory: dataPaths.volumes,
            node: names.node,
            provisioner: names.provisioner,
        }),
        process("kubelet", kubelet, { after: [`unix:${runPaths.containerdSocket}`, apiServerIsReady], stopSeconds: 5 }),
        // Its first look at the kubelet has to succeed: the next one is ten seconds later.
        process("metrics-server", metricsServer, { after: [`tcp:${addresses.host}:${ports.kubelet}`, apiServerIsReady], stopSeconds: 1 }),
    ];
}

// Sockets in a directory of root's: no port to clash, and nobody else on the machine may ask.
const etcd: Flags = {
    "data-dir": dataPaths.etcd,
    "listen-client-urls": `unix://${runPaths.etcdSocket}`,
    "listen-peer-urls": `unix://${runPaths.etcdPeerSocket}`,
    // Required, and never called: there is one member.
    "advertise-client-urls": "http://127.0.0.1:12379",
    "initial-advertise-peer-urls": "http://127.0.0.1:12380",
    "initial-cluster": "default=http://127.0.0.1:12380",
    // What is written is in the kernel's hands, so nothing is lost when a process is killed; only a power failure could.
    "unsafe-no-fsync": true,
    "auto-compaction-mode": "periodic",
    "auto-compaction-retention": "30m",
    "log-level": "warn",
};

const apiServer: Flags = {
    "etcd-servers": `unix://${runPaths.etcdSocket}`,
    "bind-address": addresses.host,
    "advertise-address": addresses.host,
    "secure-port": ports.apiServer,
    "service-cluster-ip-range": addresses.services,
    "authorization-mode": "Node,RBAC",
    "enable-admission-plugins": "NodeRestriction",
    "allow-privileged": true,
    "client-ca-file": certificateFile("ca"),
    "tls-cert-file": certificateFile("apiserver"),
    "tls-private-key-file": keyFile("apiserver"),
    "service-account-key-file": serviceAccountKeys.public,
    "service-account-signing-key-file": serviceAccountKeys.private,
    "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
    "kubelet-certificate-authority": certificateFile("ca"),
    "kubelet-client-certificate": certificateFile("apiserver-kubelet-client"),
    "kubelet-client-key": keyFile("apiserver-kubelet-client"),
    // The node's name resolves nowhere.
    "kubelet-preferred-address-types": "InternalIP",
    "proxy-client-cert-file": certificateFile("front-proxy-client"),
    "proxy-client-key-file": keyFile("front-proxy-client"),
    "requestheader-client-ca-file": certificateFile("front-proxy-ca"),
    "requestheader-allowed-names": "front-proxy-client",
    "requestheader-username-headers": "X-Remote-User",
    "requestheader-group-headers": "X-Remote-Group",
    "requestheader-extra-headers-prefix": "X-Remote-Extra-",
    "enable-aggregator-routing": true,
    "audit-policy-file": configFile("audit.json"),
    "audit-log-path": join(dataPaths.logs, "audit.log"),
    "audit-log-maxsize": 20,
    "audit-log-maxbackup": 2,
    profiling: false,
};

const controllerManager: Flags = {
    kubeconfig: kubeconfigOf("kube-controller-manager"),
    "authentication-kubeconfig": kubeconfigOf("kube-controller-manager"),
    "authorization-kubeconfig": kubeconfigOf("kube-controller-manager"),
    "service-cluster-ip-range": addresses.services,
    "root-ca-file": certificateFile("ca"),
    "service-account-private-key-file": serviceAccountKeys.private,
    "cluster-signing-cert-file": certificateFile("ca"),
    "cluster-signing-key-file": keyFile("ca"),
    "use-service-account-credentials": true,
    "leader-elect": false,
    "secure-port": 0,
};

const router: Flags = {
    kubeconfig: kubeconfigOf("kube-router"),
    "hostname-override": names.node,
    "run-firewall": true,
    "run-router": false,
    "run-service-proxy": false,
    "enable-cni": false,
    "service-cluster-ip-range": addresses.services,
    "health-port": 0,
};

const metricsServer: Flags = {
    kubeconfig: kubeconfigOf("metrics-server"),
    "authentication-kubeconfig": kubeconfigOf("metrics-server"),
    "authorization-kubeconfig": kubeconfigOf("metrics-server"),
    "bind-address": addresses.host,
    "secure-port": ports.metricsServer,
    "tls-cert-file": certificateFile("metrics-server-server"),
    "tls-private-key-file": keyFile("metrics-server-server"),
    "kubelet-preferred-address-types": "InternalIP",
    "kubelet-certificate-authority": certificateFile("ca"),
    "metric-resolution": "10s",
    "kubelet-request-timeout": "5s",
};

const kubelet: Flags = {
    config: configFile("kubelet.json"),
    kubeconfig: kubeconfigOf("kubelet"),
    "hostname-override": names.node,
    "node-ip": addresses.host,
    "root-dir": dataPaths.kubelet,
    v: 1,
};

export const kubectlEnvironment = { KUBECONFIG: cluster.kubeconfig };
