import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";

/** The versions of this program that the test walks through. */
const step = process.env.STEP ?? "first";
const steps = ["first", "wrong", "contested", "changed", "immutable", "existing"];
const since = (name: string): boolean => steps.indexOf(step) >= steps.indexOf(name);

const password = new random.RandomPassword("password", { length: 20, special: false });

const namespace = new k8s.core.v1.Namespace("space", { metadata: { name: "plugins-objects" } });
const metadata = { namespace: namespace.metadata.name };

export const settings = new k8s.core.v1.ConfigMap("settings", {
    metadata,
    data: { colour: since("changed") ? "blue" : "red" },
}).metadata.name;

export const secret = new k8s.core.v1.Secret("login", {
    metadata: { ...metadata, name: "login" },
    stringData: { password: pulumi.interpolate`clear-${password.result}`, round: since("changed") ? "2" : "1" },
}).metadata.name;

// A secret elsewhere than in a Secret stays secret too.
new k8s.core.v1.ConfigMap("careless", {
    metadata: { ...metadata, name: "careless" },
    data: { token: pulumi.interpolate`careless-${password.result}` },
});

const definition = new k8s.apiextensions.v1.CustomResourceDefinition("widgets", {
    metadata: { name: "widgets.plugins.example.com" },
    spec: {
        group: "plugins.example.com",
        scope: "Namespaced",
        names: { kind: "Widget", plural: "widgets" },
        versions: [
            {
                name: "v1",
                served: true,
                storage: true,
                schema: {
                    openAPIV3Schema: {
                        type: "object",
                        properties: {
                            spec: { type: "object", x_kubernetes_preserve_unknown_fields: true },
                            status: { type: "object", x_kubernetes_preserve_unknown_fields: true },
                        },
                    },
                },
            },
        ],
    },
});

new k8s.apiextensions.CustomResource(
    "widget",
    {
        apiVersion: "plugins.example.com/v1",
        kind: "Widget",
        metadata: { ...metadata, name: "widget" },
        spec: { size: since("contested") ? 4 : 3 },
    },
    { dependsOn: definition },
);

// The API server spells quantities in its own way.
new k8s.apps.v1.StatefulSet("sleeper", {
    metadata: { ...metadata, name: "sleeper" },
    spec: {
        replicas: 0,
        serviceName: "sleeper",
        selector: { matchLabels: { app: "sleeper" } },
        template: {
            metadata: { labels: { app: "sleeper" } },
            spec: { containers: [{ name: "main", image: "nowhere/nothing", resources: { limits: { cpu: "1000m", memory: "1024Mi" } } }] },
        },
    },
});

new k8s.core.v1.Service("headless", {
    metadata: { ...metadata, name: "sleeper" },
    spec: { clusterIP: "None", selector: { app: "sleeper" }, ports: [{ port: 80 }] },
});

new k8s.policy.v1.PodDisruptionBudget("budget", {
    metadata: { ...metadata, name: "budget" },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: "sleeper" } } },
});

const endpoints = new k8s.discovery.v1.EndpointSlice("endpoints", {
    metadata: { namespace: "default", name: "plugins-objects" },
    // Immutable for the API server, in no table of the provider.
    addressType: step === "wrong" ? "Sideways" : since("immutable") ? "FQDN" : "IPv4",
    endpoints: [],
    ports: [],
});
export const slice = endpoints.metadata.name;

if (since("existing")) {
    new k8s.core.v1.ConfigMap(
        "adopted",
        { metadata: { namespace: "plugins-objects", name: "adopted" }, data: { colour: "green" } },
        { dependsOn: namespace },
    );
}
