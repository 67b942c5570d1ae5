import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { clientLabelsOf, labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { policySpec } from "../../internal/network";
import { renderSparkProperties, withOwn } from "../../internal/spark-properties";
import { executorTemplate, templateText } from "../application-pods";
import { driverRows, executorRows } from "../client-mode";
import type { ClassicConnection } from "../connections";
import { driverClientLabels, driverEgress, type RuntimeFacts } from "../runtime";
import type { StandaloneFacts } from "../standalone/client";
import type { ResolvedClassic } from "./args";
import { classicConf, type ClassicFacts } from "./conf";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

const identityOf = ({ name }: ResolvedClassic, role: string): Identity => ({ application: "spark-classic", role, instance: name });
const executorSelector = (classic: ResolvedClassic) => selectorOf(identityOf(classic, "executor"));
/** Drivers run in pods of others, who wear this. */
const driverSelector = ({ name }: ResolvedClassic) => clientLabelsOf(objectName(name, "classic"));

interface Known {
    runtime: RuntimeFacts;
    standalone?: StandaloneFacts;
    drivers: number;
}

function knownOf<T>({ runtime, standalone, drivers }: ResolvedClassic, choose: (known: Known) => T): pulumi.Output<T> {
    const known = pulumi.output({ runtime, standalone, drivers }) as pulumi.Output<Known>;
    return known.apply((facts) => pulumi.output(choose(facts))) as pulumi.Output<T>;
}

function unnamed(classic: ResolvedClassic, role: string): k8s.types.input.meta.v1.ObjectMeta {
    return {
        namespace: knownOf(classic, ({ runtime }) => runtime.namespace),
        labels: labelsOf<pulumi.Input<string>>(
            identityOf(classic, role),
            knownOf(classic, ({ runtime }) => runtime.sparkVersion),
        ),
    };
}

const metadata = (classic: ResolvedClassic, role: string): k8s.types.input.meta.v1.ObjectMeta => ({
    name: objectName(classic.name, `classic-${role}`),
    ...unnamed(classic, role),
});

/** A new text makes a new ConfigMap under a new name (immutable, not named here), which rolls the pods that mount it. */
export function settings(classic: ResolvedClassic): k8s.core.v1.ConfigMapArgs {
    const conf = pulumi
        .output(classic)
        .apply((known) => renderSparkProperties(withOwn(classicConf(known as unknown as ClassicFacts), known.sparkConf)));
    const template = knownOf(classic, ({ runtime }) =>
        templateText(executorTemplate({ identity: identityOf(classic, "executor"), runtime, pod: classic.executor.pod }, classic.executor)),
    );
    return {
        metadata: unnamed(classic, "settings"),
        immutable: true,
        data: { "spark-defaults.conf": conf, ...(classic.standalone === undefined && { "executor.yaml": pulumi.output(template) }) },
    };
}

/** On a Standalone cluster its own rows for clients add to these. */
export function driverNetwork(classic: ResolvedClassic): k8s.networking.v1.NetworkPolicyArgs {
    const spec = knownOf(classic, ({ runtime, standalone, drivers }): PolicySpec => {
        const rows = standalone
            ? { ingress: [], egress: driverEgress(runtime) }
            : driverRows(runtime, executorSelector(classic), { drivers });
        return policySpec(driverSelector(classic), rows);
    });
    return { metadata: metadata(classic, "driver"), spec };
}

export function executorNetwork(classic: ResolvedClassic): k8s.networking.v1.NetworkPolicyArgs {
    const spec = knownOf(classic, ({ runtime, drivers }) =>
        policySpec(executorSelector(classic), executorRows(runtime, driverSelector(classic), executorSelector(classic), { drivers })),
    );
    return { metadata: metadata(classic, "executor"), spec };
}

/** What a pod needs to be the driver of sessions. */
export function connection(classic: ResolvedClassic, settingsName: pulumi.Output<string>): pulumi.Output<pulumi.Unwrap<ClassicConnection>> {
    return pulumi.all([settingsName, knownOf(classic, (known) => known), classic.logs]).apply(([name, { runtime, standalone }, logs]) => ({
        settings: name,
        clientLabels: { ...driverClientLabels(runtime), ...standalone?.masters.clientLabels, ...driverSelector(classic) },
        ...(standalone ? { authenticationSecret: standalone.authenticationSecret } : { serviceAccount: runtime.driverServiceAccount }),
        credentialsSecret: runtime.s3?.credentialsSecret,
        credentialsFile: runtime.s3?.credentialsFile,
        logs,
    }));
}
