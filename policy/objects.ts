import { parse } from "yaml";

import type { Pod } from "./pods";

/** One object that a stack is about to make, as the engine shows it to the policy. */
export interface StackObject {
    type: string;
    /** Name in the program. */
    name: string;
    props: Record<string, unknown>;
    /** Whether the engine refuses to delete it. */
    protect: boolean;
}

/** A pod that an object brings, and whose executors it is where Spark makes it. */
export interface FoundPod {
    pod: Pod;
    executor: boolean;
}

interface Template {
    template?: { metadata?: object; spec?: Pod };
    jobTemplate?: { spec?: Template };
    volumeClaimTemplates?: { metadata: { name: string } }[];
    containers?: unknown;
}

/** The file that Connect makes executors from, in the ConfigMap of its settings. */
const executorTemplate = "executor.yaml";

/** Every pod of an object: of workloads, of jobs by the clock, alone, and those that Spark makes from a template. */
export function podsOf(object: StackObject): FoundPod[] {
    const executor = executorOf(object);
    if (executor) {
        return [{ pod: executor.spec, executor: true }];
    }
    const pod = object.type.startsWith("kubernetes:") ? podOf(object) : undefined;
    return pod === undefined ? [] : [{ pod, executor: false }];
}

function podOf({ type, props }: StackObject): Pod | undefined {
    const spec = (props.spec ?? {}) as Template;
    return type === "kubernetes:core/v1:Pod" ? (spec as Pod) : templatedPod(spec.jobTemplate?.spec ?? spec);
}

interface Pods {
    metadata?: { annotations?: Record<string, string> };
}

/** Annotations of every pod of an object, also of those that Spark makes. */
export function podAnnotationsOf(object: StackObject): Record<string, string>[] {
    const spec = (object.props.spec ?? {}) as Template;
    const pods = [executorOf(object), object.type === "kubernetes:core/v1:Pod" ? object.props : undefined, templateOf(spec)] as (
        Pods | undefined
    )[];
    return pods.flatMap((pod) => (pod?.metadata?.annotations ? [pod.metadata.annotations] : []));
}

const templateOf = ({ template, jobTemplate }: Template) => template ?? jobTemplate?.spec?.template;

/** What Spark makes executors from. */
function executorOf({ type, props }: StackObject): ExecutorTemplate | undefined {
    const text =
        type === "kubernetes:core/v1:ConfigMap" ? (props.data as Record<string, string> | undefined)?.[executorTemplate] : undefined;
    return text === undefined ? undefined : parsed(text);
}

interface ExecutorTemplate {
    spec: Pod;
}

const known = new Map<string, ExecutorTemplate>();

/** Every policy is shown a copy of its own of each object, so that only the text tells that it was read before. */
function parsed(text: string): ExecutorTemplate {
    const template = known.get(text) ?? (parse(text) as ExecutorTemplate);
    known.set(text, template);
    return template;
}

/** The pod of a workload's template; the volumes that a StatefulSet claims for each pod are the pod's too. */
export function templatedPod({ template, volumeClaimTemplates = [] }: Template): Pod | undefined {
    const claimed = volumeClaimTemplates.map(({ metadata: { name } }) => ({ name, persistentVolumeClaim: {} }));
    return template?.spec && { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claimed] };
}

/** The namespace that an object is in. */
export const namespaceOf = ({ props }: StackObject): string =>
    (props.metadata as { namespace?: string } | undefined)?.namespace ?? "default";
