import type { Api } from "./api";
import { type KubeObject, annotation, annotations, at, kindKey, list, nameOf, namespaceOf, number, text } from "./objects";
import { type Verdict, condition, failed, ready, waiting } from "./verdict";
import { customReady } from "./wait-for";

interface Look {
    object: KubeObject;
    api: Api;
}

export type Rule = (look: Look) => Verdict | Promise<Verdict>;

/** Until the controller has seen the last change, its status speaks of the one before. */
function observed(rule: Rule): Rule {
    return (look) => {
        const { object } = look;
        return number(object, "status.observedGeneration") < number(object, "metadata.generation")
            ? waiting("the controller has not seen the change yet")
            : rule(look);
    };
}

const deployment: Rule = ({ object }) => {
    const wanted = number(object, "spec.replicas", 1);
    const [updated, available, all] = ["updatedReplicas", "availableReplicas", "replicas"].map((field) =>
        number(object, `status.${field}`),
    ) as [number, number, number];
    const progressing = condition(object, "Progressing");
    if (at(object, "spec.paused") === true) {
        return ready;
    }
    if (progressing?.reason === "ProgressDeadlineExceeded") {
        return failed(progressing.message);
    }
    const blocked = condition(object, "ReplicaFailure");
    if (updated < wanted) {
        return waiting(`${updated} of ${wanted} pods updated${blocked?.status === "True" ? `: ${blocked.message}` : ""}`);
    }
    if (all > updated) {
        return waiting(`${all - updated} old pods still to stop`);
    }
    return available < wanted ? waiting(`${available} of ${wanted} pods available`) : ready;
};

const statefulSet: Rule = ({ object }) => {
    const wanted = number(object, "spec.replicas", 1);
    const readyPods = number(object, "status.readyReplicas");
    if (readyPods < wanted) {
        return waiting(`${readyPods} of ${wanted} pods ready`);
    }
    if (text(object, "spec.updateStrategy.type") === "OnDelete") {
        return ready;
    }
    const wantedUpdated = wanted - number(object, "spec.updateStrategy.rollingUpdate.partition");
    const updated = number(object, "status.updatedReplicas");
    return updated < wantedUpdated ? waiting(`${updated} of ${wantedUpdated} pods updated`) : ready;
};

const daemonSet: Rule = ({ object }) => {
    const wanted = number(object, "status.desiredNumberScheduled");
    const [updated, available] = [number(object, "status.updatedNumberScheduled"), number(object, "status.numberAvailable")];
    const rolling = text(object, "spec.updateStrategy.type") !== "OnDelete";
    if (rolling && updated < wanted) {
        return waiting(`${updated} of ${wanted} pods updated`);
    }
    return available < wanted ? waiting(`${available} of ${wanted} pods available`) : ready;
};

const job: Rule = ({ object }) => {
    const failure = condition(object, "Failed");
    if (failure?.status === "True") {
        return failed(`the job failed (${failure.reason}): ${failure.message}`);
    }
    if (condition(object, "Complete")?.status === "True" || at(object, "spec.suspend") === true) {
        return ready;
    }
    return waiting(`${number(object, "status.active")} pods running, ${number(object, "status.failed")} failed`);
};

const pod: Rule = ({ object }) => {
    const phase = text(object, "status.phase");
    if (phase === "Failed") {
        return failed(`the pod failed${text(object, "status.message") === "" ? "" : `: ${text(object, "status.message")}`}`);
    }
    return phase === "Succeeded" || condition(object, "Ready")?.status === "True"
        ? ready
        : waiting(`the pod is ${phase === "" ? "not scheduled" : phase}`);
};

const claim: Rule = async ({ object, api }) => {
    if (text(object, "status.phase") === "Bound") {
        return ready;
    }
    const storageClass = text(object, "spec.storageClassName");
    if (storageClass !== "") {
        try {
            const found = await api.get({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" }, "", storageClass);
            if (text(found, "volumeBindingMode") === "WaitForFirstConsumer") {
                return ready;
            }
        } catch {
            return waiting(`its StorageClass "${storageClass}" does not exist`);
        }
    }
    return waiting("no volume is bound yet");
};

const volume: Rule = ({ object }) =>
    ["Available", "Bound"].includes(text(object, "status.phase")) ? ready : waiting(`the volume is ${text(object, "status.phase")}`);

function hasEndpoints(slices: KubeObject[]): boolean {
    const endpoints = slices.flatMap((slice) => list(slice, "endpoints"));
    return endpoints.some((endpoint) => at(endpoint, "conditions.ready") !== false);
}

const service: Rule = async ({ object, api }) => {
    const type = text(object, "spec.type");
    if (type === "LoadBalancer" && list(object, "status.loadBalancer.ingress").length === 0) {
        return waiting("the load balancer has no address yet");
    }
    const selector = at(object, "spec.selector");
    // Pods behind a headless Service are not a condition of its life: a StatefulSet needs it before its first pod.
    if (
        type === "ExternalName" ||
        text(object, "spec.clusterIP") === "None" ||
        selector === undefined ||
        Object.keys(selector as object).length === 0
    ) {
        return ready;
    }
    const slices = await api.list({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }, namespaceOf(object), {
        labelSelector: `kubernetes.io/service-name=${nameOf(object)}`,
    });
    return hasEndpoints(slices) ? ready : waiting("it has no ready pod: either none is ready yet, or its selector fits none");
};

const ingress: Rule = ({ object }) =>
    list(object, "status.loadBalancer.ingress").length > 0 ? ready : waiting("no ingress controller has given it an address yet");

const secret: Rule = ({ object }) =>
    text(object, "type") === "kubernetes.io/service-account-token" && Object.keys(at(object, "data") ?? {}).length === 0
        ? waiting("its token is not filled in yet")
        : ready;

const definition: Rule = ({ object }) => {
    const established = condition(object, "Established");
    const refused = condition(object, "NamesAccepted");
    if (refused?.status === "False") {
        return failed(refused.message);
    }
    return established?.status === "True" ? ready : waiting("the API server does not serve it yet");
};

const rules: Record<string, Rule> = {
    "apps/v1/Deployment": observed(deployment),
    "apps/v1/StatefulSet": observed(statefulSet),
    "apps/v1/DaemonSet": observed(daemonSet),
    "batch/v1/Job": job,
    "v1/Pod": pod,
    "v1/PersistentVolumeClaim": claim,
    "v1/PersistentVolume": volume,
    "v1/Service": service,
    "v1/Secret": secret,
    "networking.k8s.io/v1/Ingress": ingress,
    "apiextensions.k8s.io/v1/CustomResourceDefinition": definition,
};

/** Kinds whose readiness `pulumi refresh` reports, too. */
const looksOnRead = [
    "apps/v1/Deployment",
    "apps/v1/StatefulSet",
    "apps/v1/DaemonSet",
    "batch/v1/Job",
    "v1/Pod",
    "v1/Service",
    "networking.k8s.io/v1/Ingress",
];

/** The rule for an object: its own wish by annotation, else that of its kind; nothing when there is nothing to wait for. */
export function readinessOf(object: KubeObject): Rule | undefined {
    if (annotation(object, annotations.skipAwait) === "true") {
        return undefined;
    }
    const wish = annotation(object, annotations.waitFor);
    return wish === "" ? rules[kindKey(object)] : customReady(wish);
}

export function readinessOnRead(object: KubeObject): Rule | undefined {
    return looksOnRead.includes(kindKey(object)) && annotation(object, annotations.skipAwait) !== "true"
        ? rules[kindKey(object)]
        : undefined;
}
