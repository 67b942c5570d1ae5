/** A Service, as the URL of a server inside the cluster names it. */
export interface ServiceAddress {
    name: string;
    namespace: string;
    port: number;
}

export const isGrpcUrl = (url: string): boolean => url.startsWith("sc:");

/** The Service that a URL leads to; nothing when it leads elsewhere. */
export function serviceBehind(url: string): ServiceAddress | undefined {
    const [, name, namespace, port] = /^(?:https?|sc):\/\/([-a-z0-9]+)\.([-a-z0-9]+)\.svc(?:\.[-.a-z0-9]+)?:([0-9]+)\/?$/.exec(url) ?? [];
    return name === undefined || namespace === undefined ? undefined : { name, namespace, port: Number(port) };
}

/** What is called from outside. */
export function publicUrl(host: string, url: string, encrypted: boolean): string {
    if (isGrpcUrl(url)) {
        return encrypted ? `sc://${host}:443/;use_ssl=true` : `sc://${host}:80`;
    }
    return `${encrypted ? "https" : "http"}://${host}`;
}

/** What cert-manager looks for on an Ingress or a Gateway. */
export function issuerAnnotation(issuer: string, kind: string): Record<string, string> {
    return { [kind === "Issuer" ? "cert-manager.io/issuer" : "cert-manager.io/cluster-issuer"]: issuer };
}
