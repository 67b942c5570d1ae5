import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";

const step = process.env.STEP ?? "first";
const namespace = "plugins-chart";

// Children must use the provider that they were given: the stack has no other.
const kubeconfig = process.env.KUBECONFIG;
const renderYamlToDirectory = process.env.RENDER_TO;
const provider = new k8s.Provider("cluster", renderYamlToDirectory === undefined ? { kubeconfig } : { renderYamlToDirectory });

const space = new k8s.core.v1.Namespace("space", { metadata: { name: namespace } }, { provider });

const chart = new k8s.helm.v4.Chart(
    "shop",
    {
        name: "shop",
        namespace,
        chart: "./shop",
        values: { colour: step === "wrong" ? "green" : "blue" },
        valueYamlFiles: [new pulumi.asset.StringAsset("extra: from-a-file")],
    },
    {
        provider,
        dependsOn: space,
        transforms: [
            ({ type, props, opts }) =>
                type === "kubernetes:core/v1:ConfigMap"
                    ? { props: { ...props, data: { ...props.data, transformed: "yes" } }, opts }
                    : undefined,
        ],
    },
);

new k8s.yaml.v2.ConfigGroup(
    "group",
    {
        yaml: `{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: ${namespace}}}]}`,
        objs: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "two", namespace } }],
    },
    { provider, dependsOn: chart },
);

export const children = chart.resources.apply((resources) => resources.length);
