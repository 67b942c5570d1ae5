import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../internal/after";
import { unawaited } from "../../internal/services";
import * as random from "@pulumi/random";

import { notebookPort } from "../notebooks";
import { resolveJupyterLab, type JupyterLabArgs } from "./args";
import * as objects from "./objects";

export type { JupyterLabArgs, JupyterLabSettings } from "./args";

/** JupyterLab for one person or a team that trusts each other: notebooks on a volume, sessions ready for the platform's Spark. */
export class JupyterLab extends pulumi.ComponentResource {
    /** URL of the web UI inside the cluster. */
    public readonly url: pulumi.Output<string>;
    /** Secret with the key token, which people log in with. */
    public readonly tokenSecret: pulumi.Output<string>;
    /** Labels that let a pod of the same namespace through to the server. */
    public readonly clientLabels: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: JupyterLabArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:JupyterLab", name, {}, opts);
        const lab = resolveJupyterLab(name, args);
        const child = { parent: this };

        this.tokenSecret = lab.tokenSecret === undefined ? generatedToken(name, lab, child) : pulumi.output(lab.tokenSecret);
        const home = new k8s.core.v1.PersistentVolumeClaim(`${name}-home`, objects.home(lab), { ...child, protect: lab.protectData });
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(lab)), child);
        const podNames = new k8s.core.v1.Service(`${name}-pod-names`, unawaited(objects.podNames(lab)), child);
        const network = new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(lab), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(lab), child);
        if (lab.monitoring) {
            new k8s.apiextensions.CustomResource(`${name}-monitor`, objects.monitor(lab, lab.monitoring), child);
        }
        const needs = { ...child, dependsOn: [home, podNames, network] };
        const running = new k8s.apps.v1.StatefulSet(`${name}-server`, objects.server(lab, this.tokenSecret), needs);

        this.url = after(pulumi.interpolate`http://${address.metadata.name}.${lab.namespace}.svc:${notebookPort}`, running);
        this.clientLabels = pulumi.output(objects.clientLabels(lab));
        this.registerOutputs({ url: this.url, tokenSecret: this.tokenSecret, clientLabels: this.clientLabels });
    }
}

function generatedToken(name: string, lab: ReturnType<typeof resolveJupyterLab>, child: pulumi.CustomResourceOptions) {
    const token = new random.RandomPassword(`${name}-token`, { length: 40, special: false }, child);
    return new k8s.core.v1.Secret(`${name}-token`, objects.tokenSecret(lab, token.result), child).metadata.name;
}
