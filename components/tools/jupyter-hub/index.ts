import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../internal/after";
import { unawaited } from "../../internal/services";
import * as random from "@pulumi/random";

import { resolveJupyterHub, type JupyterHubArgs, type ResolvedJupyterHub } from "./args";
import { webPort } from "./conf";
import * as objects from "./objects";

export type { JupyterHubArgs, JupyterHubOidc, JupyterHubServer, JupyterHubSettings } from "./args";

/** JupyterHub: each user logs in and gets a notebook server of their own, with a home on a volume and sessions ready for the platform's Spark. */
export class JupyterHub extends pulumi.ComponentResource {
    /** URL of the web UI inside the cluster. */
    public readonly url: pulumi.Output<string>;
    /** Secret with a password for each user, under the user's name; empty with oidc. */
    public readonly passwordsSecret: pulumi.Output<string>;
    /** Labels that let a pod of the same namespace through to the hub. */
    public readonly clientLabels: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: JupyterHubArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:JupyterHub", name, {}, opts);
        const hub = resolveJupyterHub(name, args);
        const child = { parent: this };

        const passwords = hub.oidc ? undefined : (hub.passwordsSecret ?? generatedPasswords(name, hub, child));
        const keys = generatedKeys(name, hub, child);
        const settings = new k8s.core.v1.ConfigMap(`${name}-settings`, objects.settings(hub), child);
        const volume =
            hub.database === undefined
                ? new k8s.core.v1.PersistentVolumeClaim(`${name}-data`, objects.volume(hub), { ...child, protect: hub.protectData })
                : undefined;
        const account = new k8s.core.v1.ServiceAccount(`${name}-account`, objects.account(hub), child);
        const role = new k8s.rbac.v1.Role(`${name}-role`, objects.role(hub), child);
        const binding = new k8s.rbac.v1.RoleBinding(`${name}-binding`, objects.binding(hub), child);
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(hub)), child);
        new k8s.core.v1.Service(`${name}-hub-address`, unawaited(objects.hubAddress(hub)), child);
        new k8s.core.v1.Service(`${name}-proxy-address`, unawaited(objects.proxyAddress(hub)), child);
        const networks = (["hub", "proxy", "user-server"] as const).map(
            (part) => new k8s.networking.v1.NetworkPolicy(`${name}-${part}-network`, objects.network(hub, part), child),
        );
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(hub), child);
        if (hub.monitoring) {
            new k8s.apiextensions.CustomResource(`${name}-monitor`, objects.monitor(hub, hub.monitoring), child);
        }
        const needs = { ...child, dependsOn: [keys, ...networks] };
        const proxy = new k8s.apps.v1.Deployment(`${name}-proxy`, objects.proxy(hub), needs);
        const names = { settings: settings.metadata.name, passwords, volume: volume?.metadata.name };
        const hubNeeds = { ...child, dependsOn: [keys, account, role, binding, ...networks] };
        const running = new k8s.apps.v1.Deployment(`${name}-hub`, objects.server(hub, names), hubNeeds);

        this.url = after(pulumi.interpolate`http://${address.metadata.name}.${hub.namespace}.svc:${webPort}`, proxy, running);
        this.passwordsSecret = pulumi.output(passwords ?? "");
        this.clientLabels = pulumi.output(objects.clientLabels(hub));
        this.registerOutputs({ url: this.url, passwordsSecret: this.passwordsSecret, clientLabels: this.clientLabels });
    }
}

function generatedPasswords(name: string, hub: ResolvedJupyterHub, child: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const passwords = hub.users.map((user) => {
        const password = new random.RandomPassword(`${name}-password-${user}`, { length: 24, special: false }, child);
        return [user, password.result] as const;
    });
    return new k8s.core.v1.Secret(`${name}-passwords`, objects.passwordsSecret(hub, Object.fromEntries(passwords)), child).metadata.name;
}

function generatedKeys(name: string, hub: ResolvedJupyterHub, child: pulumi.CustomResourceOptions): k8s.core.v1.Secret {
    const proxy = new random.RandomPassword(`${name}-proxy-token`, { length: 40, special: false }, child);
    const cookie = new random.RandomBytes(`${name}-cookie-secret`, { length: 32 }, child);
    return new k8s.core.v1.Secret(`${name}-keys`, objects.keysSecret(hub, proxy.result, cookie.hex), child);
}
