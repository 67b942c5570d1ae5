import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { PlainContainer } from "../../internal/pod";
import type { ResolvedConnect } from "./args";
import { connectPort, proxyPort } from "./ports";

export const tokenKey = "token";
const files = "/etc/tls-proxy";

/**
 * TLS in front of the server, which has none, and the check of the token, which Spark 3.5 has not. It stands in the server's own pod, so
 * what it decrypts leaves the pod for nobody.
 */
export function proxy(server: ResolvedConnect, token: pulumi.Input<string> | undefined): PlainContainer[] {
    if (server.tls === undefined) {
        return [];
    }
    return [
        {
            name: "tls-proxy",
            image: server.proxyImage,
            restartPolicy: "Always",
            env: [
                { name: "LISTEN", value: String(proxyPort) },
                { name: "UPSTREAM", value: `127.0.0.1:${connectPort}` },
            ],
            ports: [{ name: "grpc-tls", containerPort: proxyPort }],
            startupProbe: { tcpSocket: { port: "grpc-tls" }, periodSeconds: 1, failureThreshold: 60 },
            livenessProbe: { tcpSocket: { port: "grpc-tls" }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 },
            resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { memory: "128Mi" } },
            volumeMounts: [
                { name: "tls", mountPath: `${files}/tls`, readOnly: true },
                ...(token === undefined ? [] : [{ name: "token", mountPath: `${files}/token`, readOnly: true }]),
            ],
            writable: { "/tmp": "64Mi" },
        },
    ];
}

export function proxyVolumes({ tls }: ResolvedConnect, token: pulumi.Input<string> | undefined): k8s.types.input.core.v1.Volume[] {
    return [
        ...(tls === undefined ? [] : [{ name: "tls", secret: { secretName: tls.secret } }]),
        ...(token === undefined ? [] : [{ name: "token", secret: { secretName: token, items: [{ key: tokenKey, path: tokenKey }] } }]),
    ];
}
