/** A pod that passes PSS `restricted`, sleeps, and wears no label of the platform. */
export function restrictedClient(name: string, image: string) {
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, labels: {} as Record<string, string> },
        spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 185, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
                {
                    name: "client",
                    image,
                    args: ["sleep", "3600"],
                    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
                    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } as object,
                },
            ],
        },
    };
}
