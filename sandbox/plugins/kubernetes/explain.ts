import { type Value, isObject } from "../values";
import type { Api } from "./api";
import { type KubeObject, at, child, kindKey, list, nameOf, namespaceOf, number, text, texts } from "./objects";
import { condition } from "./verdict";

const podKind = { apiVersion: "v1", kind: "Pod" };
const eventKind = { apiVersion: "v1", kind: "Event" };
const shownPods = 3;
const shownEvents = 3;
const shownLines = 5;

function expression(entry: Value): string {
    const [key, operator] = [text(entry, "key"), text(entry, "operator")];
    const values = texts(entry, "values").join(",");
    const forms: Record<string, string> = {
        In: `${key} in (${values})`,
        NotIn: `${key} notin (${values})`,
        Exists: key,
        DoesNotExist: `!${key}`,
    };
    return forms[operator] ?? key;
}

/** A selector in the form that list requests take. */
export function selectorText(selector: Value | undefined): string {
    const labels = child(selector, "matchLabels");
    const equal = isObject(labels) ? Object.entries(labels).map(([key, value]) => `${key}=${typeof value === "string" ? value : ""}`) : [];
    return [...equal, ...list(selector, "matchExpressions").map(expression)].join(",");
}

function statuses(pod: KubeObject): Value[] {
    return [...list(pod, "status.initContainerStatuses"), ...list(pod, "status.containerStatuses")];
}

function exitText(terminated: Value): string {
    const said = text(terminated, "message").trim();
    return `${text(terminated, "reason")} with exit code ${number(terminated, "exitCode")}${said === "" ? "" : `: ${said}`}`;
}

const startingUp = ["PodInitializing", "ContainerCreating"];

/** What keeps one container from running, if anything does. */
function containerTrouble(status: Value): string | undefined {
    const last = at(status, "state.terminated") ?? at(status, "lastState.terminated");
    const ended = last !== undefined && number(last, "exitCode") !== 0 ? exitText(last) : "";
    const held = at(status, "state.waiting");
    if (held !== undefined) {
        return startingUp.includes(text(held, "reason")) ? undefined : heldText(held, ended);
    }
    return ended === "" ? unreadyText(status) : ended;
}

function heldText(held: Value, ended: string): string {
    const message = ended === "" ? text(held, "message") : ended;
    return `${text(held, "reason")}${message === "" ? "" : `: ${message}`}`;
}

function unreadyText(status: Value): string | undefined {
    return child(status, "ready") === false && at(status, "state.running") !== undefined ? "runs, but is not ready" : undefined;
}

async function containerReport(api: Api, pod: KubeObject, status: Value): Promise<string[]> {
    const trouble = containerTrouble(status);
    if (trouble === undefined) {
        return [];
    }
    const container = text(status, "name");
    const pulled = number(status, "restartCount") > 0 || at(status, "state.waiting") === undefined;
    const previous = at(status, "state.waiting") !== undefined;
    const log = pulled ? await api.log(namespaceOf(pod), nameOf(pod), container, shownLines, previous) : "";
    // The kubelet says in the log itself when it has thrown the log away.
    const lines = log.split("\n").filter((line) => line !== "" && !line.startsWith("unable to retrieve container logs"));
    // One reason, its log below it: the engine puts a bullet before each.
    return [[`pod ${nameOf(pod)}, container ${container}: ${trouble}`, ...lines.map((line) => `    ${line}`)].join("\n")];
}

async function warnings(api: Api, object: KubeObject): Promise<string[]> {
    const events = await api.list(eventKind, namespaceOf(object), {
        fieldSelector: `involvedObject.name=${nameOf(object)},involvedObject.kind=${text(object, "kind")},type=Warning`,
    });
    const messages = events.map((event) => `${text(event, "reason")}: ${text(event, "message")}`);
    return [...new Set(messages)].slice(-shownEvents);
}

function notReady(pod: KubeObject): boolean {
    return condition(pod, "Ready")?.status !== "True" && text(pod, "status.phase") !== "Succeeded";
}

async function podReport(api: Api, pod: KubeObject): Promise<string[]> {
    const scheduled = condition(pod, "PodScheduled");
    if (scheduled?.status === "False") {
        return [`pod ${nameOf(pod)} is not scheduled: ${scheduled.message}`];
    }
    const containers = (await Promise.all(statuses(pod).map((status) => containerReport(api, pod, status)))).flat();
    if (containers.length > 0) {
        return containers;
    }
    return (await warnings(api, pod)).map((message) => `pod ${nameOf(pod)}: ${message}`);
}

function podSelector(object: KubeObject): string {
    const selector = at(object, "spec.selector");
    return kindKey(object) === "v1/Service" ? selectorText({ matchLabels: selector ?? {} }) : selectorText(selector);
}

async function podsOf(api: Api, object: KubeObject): Promise<KubeObject[]> {
    if (kindKey(object) === "v1/Pod") {
        return [object];
    }
    const labelSelector = podSelector(object);
    return labelSelector === "" ? [] : api.list(podKind, namespaceOf(object), { labelSelector });
}

/** Why an object does not become ready, in lines for people: its pods, their containers' last words, its events. */
export async function explain(api: Api, object: KubeObject): Promise<string[]> {
    try {
        const pods = (await podsOf(api, object)).filter(notReady).slice(0, shownPods);
        const reports = await Promise.all([
            ...pods.map((pod) => podReport(api, pod)),
            ...(kindKey(object) === "v1/Pod" ? [] : [warnings(api, object)]),
        ]);
        return reports.flat();
    } catch {
        // The explanation is a help; the failure itself is reported anyway.
        return [];
    }
}
