import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import type { ResolvedMonitoring } from "../../internal/monitoring";
import { policySpec } from "../../internal/network";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { renderSparkProperties, withOwn } from "../../internal/spark-properties";
import { seconds } from "../../internal/values";
import { isPython, type MainFacts } from "../application-main";
import {
    driverGraceSeconds,
    driverLabels,
    driverParts,
    driverPod,
    driverTemplate,
    executorTemplate,
    localDirectory,
    templateText,
    withPullSecrets,
    type PodFacts,
} from "../application-pods";
import { driverEnvironment, driverRows, executorRows, type Rows } from "../client-mode";
import { driverFileMounts, driverFileVolumes } from "../driver-files";
import { driverMonitor, watchedPorts, watchedRows } from "../driver-monitor";
import { driverMiB, type DriverFacts } from "../drivers";
import { apiServerEgress, driverEgress, type RuntimeFacts } from "../runtime";
import { sparkUser, workDirectory } from "../spark-image";
import { authenticationEnvironment, standaloneDriverRows, type StandaloneFacts } from "../standalone/client";
import type { ResolvedSubmit } from "./args";
import { driverTemplateFile, programArguments, submitConf } from "./conf";

type PodSpec = k8s.types.input.core.v1.PodSpec;

const application = "spark-submit";
const identityOf = ({ name }: ResolvedSubmit, role: string): Identity => ({ application, role, instance: name });
const driverSelector = (submit: ResolvedSubmit) => selectorOf(identityOf(submit, "driver"));
const executorSelector = (submit: ResolvedSubmit) => selectorOf(identityOf(submit, "executor"));

/** The Job's pods carry its name with some characters more, and the driver's in cluster mode yet more. */
const longestJobName = 48;

function runtimeOf<T>({ runtime }: ResolvedSubmit, choose: (runtime: RuntimeFacts) => T): pulumi.Output<T> {
    return pulumi.output(runtime).apply((known) => pulumi.output(choose(known as RuntimeFacts))) as pulumi.Output<T>;
}

const nameOf = ({ name }: ResolvedSubmit, role: string): string => objectName(name, `submit-${role}`);

function metadata(submit: ResolvedSubmit, role: string): k8s.types.input.meta.v1.ObjectMeta {
    return { name: nameOf(submit, role), ...unnamed(submit, role) };
}

function unnamed(submit: ResolvedSubmit, role: string): k8s.types.input.meta.v1.ObjectMeta {
    return {
        namespace: runtimeOf(submit, ({ namespace }) => namespace),
        labels: labelsOf<pulumi.Input<string>>(
            identityOf(submit, role),
            runtimeOf(submit, ({ sparkVersion }) => sparkVersion),
        ),
    };
}

/** A new text makes a new ConfigMap under a new name (immutable, not named here), which makes a new Job. */
export function settings(submit: ResolvedSubmit): k8s.core.v1.ConfigMapArgs {
    const conf = pulumi.output(submit).apply((known) => renderSparkProperties(withOwn(submitConf(known as never), known.sparkConf)));
    return {
        metadata: unnamed(submit, "settings"),
        immutable: true,
        data: {
            "spark-defaults.conf": conf,
            ...(!submit.standalone && { "executor.yaml": executorFile(submit) }),
            ...(submit.cluster && { "driver.yaml": driverFile(submit) }),
        },
    };
}

function executorFile(submit: ResolvedSubmit): pulumi.Output<string> {
    const text = runtimeOf(submit, (runtime) =>
        templateText(executorTemplate({ identity: identityOf(submit, "executor"), runtime, pod: submit.executor.pod }, submit.executor)),
    );
    return pulumi.output(text);
}

/** What the driver's pod is made from, whoever makes it. */
const driverFacts = (submit: ResolvedSubmit, runtime: RuntimeFacts): PodFacts => ({
    identity: identityOf(submit, "driver"),
    runtime,
    pod: submit.driver.pod,
    logs: submit.logs,
});

/** The driver belongs to the Job's pod, whose name and id are known when it runs. */
function driverFile(submit: ResolvedSubmit): pulumi.Output<string> {
    const owner = { apiVersion: "v1", kind: "Pod", name: "$(POD_NAME)", uid: "$(POD_UID)" };
    const text = runtimeOf(submit, (runtime) => {
        const { metadata: own, spec } = driverTemplate(driverFacts(submit, runtime));
        return templateText({ metadata: { ...own, ownerReferences: [owner] }, spec });
    });
    return pulumi.output(text);
}

export function driverNetwork(submit: ResolvedSubmit): k8s.networking.v1.NetworkPolicyArgs {
    const spec = pulumi.all([submit.runtime, submit.standalone, submit.monitoring]).apply(([runtime, standalone, monitoring]) => {
        const facts = runtime as RuntimeFacts;
        const rows = standalone ? standaloneRows(facts, standalone) : driverRows(facts, executorSelector(submit));
        return policySpec(driverSelector(submit), watchedRows(rows, monitoring));
    });
    return { metadata: metadata(submit, "driver"), spec };
}

export const monitor = (submit: ResolvedSubmit, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs =>
    driverMonitor({ metadata: metadata(submit, "driver"), selector: driverSelector(submit) }, monitoring);

function standaloneRows(runtime: RuntimeFacts, cluster: StandaloneFacts): Rows {
    const { ingress, egress } = standaloneDriverRows(cluster);
    return { ingress, egress: [...egress, ...driverEgress(runtime)] };
}

export function executorNetwork(submit: ResolvedSubmit): k8s.networking.v1.NetworkPolicyArgs {
    const spec = runtimeOf(submit, (runtime) =>
        policySpec(executorSelector(submit), executorRows(runtime, driverSelector(submit), executorSelector(submit))),
    );
    return { metadata: metadata(submit, "executor"), spec };
}

/** Who submits talks to the API server and to nobody else. */
export function submitterNetwork(submit: ResolvedSubmit): k8s.networking.v1.NetworkPolicyArgs {
    const selector = selectorOf(identityOf(submit, "submitter"));
    const spec = runtimeOf(submit, (runtime) => policySpec(selector, { ingress: [], egress: [apiServerEgress(runtime)] }));
    return { metadata: metadata(submit, "submitter"), spec };
}

export function submitterAccount(submit: ResolvedSubmit): k8s.core.v1.ServiceAccountArgs {
    return { metadata: metadata(submit, "submitter"), automountServiceAccountToken: false };
}

/** What submitting asks of the API server beyond what a driver may: Spark applies the driver's Service and config maps, which needs both verbs. */
export function submitterRole(submit: ResolvedSubmit): k8s.rbac.v1.RoleArgs {
    return {
        metadata: metadata(submit, "submitter"),
        rules: [
            { apiGroups: [""], resources: ["pods"], verbs: ["create", "get", "list", "delete"] },
            { apiGroups: [""], resources: ["services", "configmaps"], verbs: ["create", "patch"] },
        ],
    };
}

export function submitterBinding(submit: ResolvedSubmit): k8s.rbac.v1.RoleBindingArgs {
    const [metadataOf, name] = [metadata(submit, "submitter"), nameOf(submit, "submitter")];
    return {
        metadata: metadataOf,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace: metadataOf.namespace }],
    };
}

/** A Job cannot change: other settings make another one, which runs anew. */
export function job(submit: ResolvedSubmit, settingsName: pulumi.Input<string>): k8s.batch.v1.JobArgs {
    const role = submit.cluster ? "submitter" : "driver";
    const deadlineSeconds = pulumi.output(submit.deadline).apply(seconds);
    const annotations = pulumi.all([submit.wait, deadlineSeconds]).apply(([wait, deadline]) => ({
        "pulumi.com/skipAwait": String(!wait),
        // An up gives the application the time that the application has, and a little more to be stopped.
        "pulumi.com/timeoutSeconds": String(deadline + 2 * driverGraceSeconds),
    }));
    const template = pulumi
        .all([submit.runtime, submit.main, submit.arguments, submit.driver, settingsName, submit.standalone])
        .apply(([runtime, main, given, driver, settings, standalone]) => {
            const facts = { submit, runtime: runtime as RuntimeFacts, main, given, driver, settings, standalone };
            return pulumi.output(submit.cluster ? submitterPod(facts) : clientPod(facts));
        });
    return {
        metadata: { ...metadata(submit, role), name: objectName(submit.name, "submit", longestJobName), annotations },
        spec: { backoffLimit: submit.retries, activeDeadlineSeconds: deadlineSeconds, template },
    };
}

interface JobFacts {
    submit: ResolvedSubmit;
    runtime: RuntimeFacts;
    main: MainFacts;
    given: string[];
    driver: DriverFacts;
    settings: string;
    standalone?: StandaloneFacts;
}

interface Template {
    metadata: k8s.types.input.meta.v1.ObjectMeta;
    spec: PodSpec;
}

const standaloneClientLabels = (cluster: StandaloneFacts | undefined) => ({
    ...cluster?.masters.clientLabels,
    ...cluster?.workers.clientLabels,
});

/** The driver itself. */
function clientPod({ submit, runtime, main, given, driver, settings, standalone }: JobFacts): Template {
    const facts = driverFacts(submit, runtime);
    const memory = `${driverMiB(driver, { python: isPython(main) })}Mi`;
    const files = { settings, templates: standalone ? [] : ["executor.yaml"] };
    // A failed attempt of this Job may have left executors behind, if they are pods.
    const cleaning = [
        "/opt/spark/remove-old-executors.py",
        "--selector",
        query({ "spark-role": "executor", ...executorSelector(submit) }),
        "--",
    ];
    const container = driverParts(facts, {
        name: "driver",
        image: runtime.image,
        apiToken: !standalone,
        args: [...(standalone ? [] : cleaning), "/opt/spark/bin/spark-submit", ...programArguments({ main, cluster: false }, given)],
        workingDir: workDirectory,
        ...watchedPorts(submit.monitoring),
        env: [
            ...driverEnvironment,
            { name: "SPARK_LOCAL_DIRS", value: localDirectory },
            ...authenticationEnvironment(standalone?.authenticationSecret),
        ],
        resources: { requests: { cpu: driver.cpuRequest, memory }, limits: { memory } },
        volumeMounts: driverFileMounts(files),
    });
    return {
        metadata: podMetadata({ ...standaloneClientLabels(standalone), ...driverLabels(facts) }, submit.driver.pod),
        spec: driverPod(facts, container, driverFileVolumes(files)),
    };
}

/** Only as much as starts a driver elsewhere and waits for it. */
function submitterPod({ submit, runtime, main, given, settings }: JobFacts): Template {
    const identity = identityOf(submit, "submitter");
    const files = { settings, templates: ["executor.yaml", "driver.yaml"] };
    const container: PlainContainer = {
        name: "submitter",
        image: runtime.image,
        apiToken: true,
        args: [
            "/opt/spark/submit.py",
            ...["--template", driverTemplateFile],
            ...["--selector", query({ "spark-role": "driver", ...driverSelector(submit) })],
            "--",
            ...programArguments({ main, cluster: true }, given),
        ],
        workingDir: workDirectory,
        env: [...driverEnvironment, { name: "POD_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } }],
        resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "512Mi" } },
        volumeMounts: driverFileMounts(files),
        writable: { "/tmp": "256Mi" },
    };
    const pod = {
        user: sparkUser,
        restartPolicy: "Never",
        serviceAccountName: nameOf(submit, "submitter"),
        terminationGracePeriodSeconds: 30,
        volumes: driverFileVolumes(files),
        containers: [container],
    };
    return {
        metadata: podMetadata(labelsOf(identity, runtime.sparkVersion), submit.driver.pod),
        spec: restrictedPod(pod, withPullSecrets(runtime, submit.driver.pod)),
    };
}

const query = (labels: Record<string, string>): string =>
    Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
