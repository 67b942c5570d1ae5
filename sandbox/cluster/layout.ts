import { join } from "node:path";

import { cluster } from "../support/paths";
import versions from "../versions.json";

const { data, run } = cluster;

/** Addresses of the benchmark range (RFC 2544): no network that a machine is in uses them. */
export const addresses = {
    all: "198.18.0.0/15",
    pods: "198.18.0.0/16",
    services: "198.19.0.0/16",
    /** The bridge, and with it the node, the API server and the kubelet. */
    host: "198.18.0.1",
    firstPod: "198.18.0.10",
    apiService: "198.19.0.1",
    dns: "198.19.0.10",
};

export const ports = {
    apiServer: 6443,
    kubelet: 10250,
    metricsServer: 20443,
    proxyHealth: 20256,
    proxyMetrics: 20249,
};

export const names = {
    node: "sandbox",
    bridge: "spark0",
    network: "spark-platform",
    context: "spark-platform-sandbox",
    /** Control group under which everything runs, so that nothing is ever lost sight of. */
    cgroup: "spark-platform",
    provisioner: "spark-platform.local/volumes",
    /** Marks the rules of iptables that are ours by words, not by chain. */
    comment: "spark-platform sandbox",
};

export const apiServerUrl = `https://${addresses.host}:${ports.apiServer}`;

/** Survives `down`. */
export const dataPaths = {
    pki: join(data, "pki"),
    config: join(data, "config"),
    logs: join(data, "logs"),
    podLogs: join(data, "pod-logs"),
    etcd: join(data, "etcd"),
    kubelet: join(data, "kubelet"),
    containerd: join(data, "containerd"),
    volumes: join(data, "volumes"),
    /** What other programs' directories looked like before the first start. */
    before: join(data, "before.json"),
};

/** Gone after `down` and after a reboot. */
export const runPaths = {
    owner: join(run, "owner.json"),
    supervisor: join(run, "supervisor.json"),
    supervisorPid: join(run, "supervisor.pid"),
    guardianPid: join(run, "guardian.pid"),
    stopping: join(run, "stopping"),
    /** There when the start has come to its end. */
    complete: join(run, "complete"),
    sysctls: join(run, "sysctls.json"),
    etcdSocket: join(run, "etcd.sock"),
    etcdPeerSocket: join(run, "etcd-peer.sock"),
    containerd: join(run, "containerd"),
    containerdSocket: join(run, "containerd/containerd.sock"),
    runc: join(run, "runc"),
    addresses: join(run, "addresses"),
    resolver: join(run, "resolv.conf"),
};

/** Who starts or stops the cluster holds a lock on this directory: it is on every machine, and no file is left behind. */
export const lockPlace = "/run";

export const images = {
    pause: "spark-platform.local/pause:1",
    coredns: `spark-platform.local/coredns:${versions.coredns}`,
};
