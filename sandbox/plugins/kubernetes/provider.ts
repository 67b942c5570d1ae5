import type { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { Change, CheckCall, DiffCall, Difference, Failure, Live, Provider, ReadCall, WriteCall } from "../provider";
import { EngineLog, PartialFailure } from "../rpc";
import { type Properties, hasUnknown, reveal, same } from "../values";
import { Api, isNotFound } from "./api";
import { apply, create, find, keepIgnored, newFieldManager, wantsForce } from "./apply";
import { check } from "./check";
import { construct, invoke } from "./construct";
import { type PathChange, covers, differences, pathText } from "./diff";
import { type Access, readAccess } from "./kubeconfig";
import {
    type KubeObject,
    annotation,
    annotations,
    at,
    forServer,
    gvkOf,
    idOf,
    kindKey,
    nameOf,
    namespaceOf,
    parseId,
    presumedNamespaced,
    text,
} from "./objects";
import { type Outcome, immutableFields, previewCreate, previewUpdate } from "./preview";
import { readinessOnRead } from "./ready";
import { importedInputs, liveInputs } from "./refresh";
import { render, unrender } from "./render";
import { replaceFields } from "./replace";
import { type Settings, readSettings } from "./settings";
import { type KnownState, fromState, toState, withSecretsOf } from "./state";
import { Unreachable, transport } from "./transport";
import { NotReady, type WaitOptions, waitUntilGone, waitUntilReady } from "./wait";

/** A cluster that answers, or why none does. */
type Connection = { api: Api; access: Access } | { unreachable: string };

function reveals(properties: Properties): Properties {
    return reveal(properties) as Properties;
}

export class KubernetesProvider implements Provider {
    public readonly name = "kubernetes";
    #log: EngineLog | undefined;
    #settings: Settings = readSettings({});
    #namespace = "default";
    #connection: Promise<Connection> = Promise.resolve({ unreachable: "the provider is not configured" });
    #cancelled = new AbortController();
    #warned = false;
    /** Scopes of kinds whose definitions this program brings along. */
    readonly #definitions = new Map<string, boolean>();

    public constructor(public readonly version: string) {}

    public engine(address: string): void {
        this.#log = new EngineLog(address);
    }

    public configure(variables: Record<string, string>): void {
        this.#settings = readSettings(variables);
        this.#connection = this.#connect();
    }

    public checkConfig(_urn: string, news: Properties): Failure[] {
        const rendering = typeof news.renderYamlToDirectory === "string" && news.renderYamlToDirectory !== "";
        const clashing = ["context", "cluster"].filter((property) => rendering && news[property] !== undefined);
        return clashing.map((property) => ({ property, reason: `\`${property}\` has no meaning together with \`renderYamlToDirectory\`` }));
    }

    /** Another cluster means other objects. Only the entry that is in use counts, or the identifier where one is given. */
    public diffConfig(olds: Properties, news: Properties): Difference {
        const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
            (key) => !same(olds[key] ?? null, news[key] ?? null),
        );
        const replaces = this.#replacesProvider(olds, news, keys);
        const changes = keys.map((path): Change => ({
            path,
            replace: replaces.includes(path),
            kind: olds[path] === undefined ? "add" : news[path] === undefined ? "delete" : "update",
        }));
        return { changes };
    }

    public async check(call: CheckCall): Promise<{ inputs: Properties; failures: Failure[] }> {
        if (call.type.startsWith("kubernetes:helm.sh/v3:")) {
            throw new Error(`${call.type} needs the official kubernetes plugin; the stand-in offers kubernetes:helm.sh/v4:Chart`);
        }
        await this.#connection;
        const checked = await check(call, {
            defaultNamespace: this.#namespace,
            namespaced: (apiVersion, kind) => this.#namespaced(apiVersion, kind),
        });
        this.#learnDefinition(reveals(checked.inputs));
        return checked;
    }

    public async diff({ type, olds, oldInputs, news }: DiffCall): Promise<Difference> {
        const before = this.#before(olds, oldInputs);
        const after = forServer(reveals(news));
        const found = differences(before.inputs, after);
        const { patch } = gvkOf(type);
        const fields = replaceFields(after, this.#settings, patch);
        const forced = found.filter(({ path }) => fields.some((field) => covers(field, path)));
        const immutable =
            found.length > 0 && forced.length === 0 && !patch ? await this.#immutable(found, after, before.fieldManager) : forced;
        const changes = found.map(({ path, kind }, index): Change => ({
            path: pathText(path),
            kind,
            replace: immutable.includes(found[index] as PathChange),
        }));
        const replaces = await this.#unreadyJob(after);
        const replaced = replaces.length > 0 || changes.some(({ replace }) => replace);
        const rendered: Change[] =
            this.#settings.alwaysRender && changes.length === 0 ? [{ path: "metadata", kind: "update", replace: false }] : [];
        const difference: Difference = {
            changes: [...changes, ...rendered],
            replaces,
            deleteBeforeReplace: replaced && sameObject(before.live, after),
        };
        return difference;
    }

    public async create(call: WriteCall): Promise<{ id: string; properties: Properties }> {
        const inputs = forServer(reveals(call.news));
        const fieldManager = newFieldManager(inputs);
        const directory = this.#settings.renderYamlToDirectory;
        if (directory !== undefined) {
            return call.preview ? { id: "", properties: call.news } : this.#rendered(directory, inputs, call.news, fieldManager);
        }
        if (call.preview) {
            return {
                id: "",
                properties: await this.#previewed(call, inputs, fieldManager, (api) => previewCreate(api, inputs, fieldManager)),
            };
        }
        const api = await this.#api();
        const { patch } = gvkOf(call.type);
        const wait = this.#waitOptions(call);
        const force = wantsForce(inputs, this.#settings.enablePatchForce);
        const upsert = patch || this.#settings.upsertExistingObjects;
        const applied = await create(api, inputs, { fieldManager, force, upsert, signal: wait.signal, report: wait.report });
        const live = await this.#ready(api, applied, inputs, call.news, fieldManager, wait);
        return { id: idOf(live), properties: toState(live, inputs, call.news, fieldManager) };
    }

    public async update(call: WriteCall): Promise<Properties> {
        const known = fromState(reveals(call.olds));
        const inputs = forServer(reveals(call.news));
        const wished = annotation(inputs, annotations.patchFieldManager);
        const fieldManager = wished === "" ? known.fieldManager || newFieldManager(inputs) : wished;
        const directory = this.#settings.renderYamlToDirectory;
        if (directory !== undefined) {
            return call.preview ? call.news : this.#rendered(directory, inputs, call.news, fieldManager).properties;
        }
        if (call.preview) {
            return this.#previewed(call, inputs, fieldManager, (api) =>
                previewUpdate(api, inputs, fieldManager, this.#settings.enablePatchForce),
            );
        }
        const api = await this.#api();
        const force = wantsForce(inputs, this.#settings.enablePatchForce);
        const sent =
            call.ignoreChanges.length === 0
                ? inputs
                : keepIgnored(inputs, (await find(api, inputs)) ?? {}, call.ignoreChanges, fieldManager);
        const applied = await apply(api, sent, { fieldManager, force, dryRun: false });
        const live = await this.#ready(api, applied, inputs, call.news, fieldManager, this.#waitOptions(call));
        return toState(live, inputs, call.news, fieldManager);
    }

    public async delete(call: WriteCall): Promise<void> {
        const { live, inputs, fieldManager } = fromState(reveals(call.olds));
        const directory = this.#settings.renderYamlToDirectory;
        if (directory !== undefined) {
            unrender(directory, live);
            return;
        }
        const connection = await this.#connection;
        if ("unreachable" in connection && this.#settings.deleteUnreachable) {
            this.#log?.say("warning", call.urn, "the cluster is unreachable and deleteUnreachable is set: the resource is only forgotten");
            return;
        }
        const api = await this.#api();
        try {
            await this.#remove(api, call, live, inputs, fieldManager);
        } catch (error) {
            if (!isNotFound(error)) {
                throw error;
            }
        }
    }

    public async read(call: ReadCall): Promise<Live | undefined> {
        const connection = await this.#connection;
        if (this.#settings.renderYamlToDirectory !== undefined) {
            return call;
        }
        if ("unreachable" in connection) {
            return this.#readUnreachable(call, connection.unreachable);
        }
        const { namespace, name } = parseId(call.id);
        const known = fromState(reveals(call.properties));
        const { apiVersion, kind } =
            text(known.live, "kind") === ""
                ? gvkOf(call.type)
                : { apiVersion: text(known.live, "apiVersion"), kind: text(known.live, "kind") };
        const live = await find(connection.api, { apiVersion, kind, metadata: { name, namespace } });
        return live === undefined ? undefined : this.#refreshed(connection.api, call, known, live);
    }

    public async construct(request: ConstructRequest): Promise<ConstructResponse> {
        const connection = await this.#connection;
        const rendering = this.#settings.renderYamlToDirectory !== undefined;
        const reached = "api" in connection && !rendering ? connection : undefined;
        return construct(request, {
            version: this.version,
            defaultNamespace: this.#namespace,
            unreachable: "unreachable" in connection && !rendering ? connection.unreachable : undefined,
            cluster: reached,
            namespaced: (apiVersion, kind) => this.#namespaced(apiVersion, kind),
            warn: (urn, message) => this.#log?.say("warning", urn, message),
        });
    }

    public invoke(token: string, args: Properties): Promise<Properties> {
        return invoke(token, reveals(args));
    }

    /** Ends the waits of an interrupted operation; the next operation of an attached provider starts afresh. */
    public cancel(): void {
        this.#cancelled.abort();
        this.#cancelled = new AbortController();
    }

    // --- The cluster --------------------------------------------------------------------------------------------------

    #access(): Access {
        const { kubeconfig, context, cluster } = this.#settings;
        return readAccess(kubeconfig, { context, cluster });
    }

    async #connect(): Promise<Connection> {
        try {
            const access = this.#access();
            this.#namespace = this.#settings.namespace ?? access.namespace;
            const api = new Api(transport(access));
            // The kinds of v1 are needed anyway, and the answer shows that the server is there and knows us.
            await api.kind({ apiVersion: "v1", kind: "Namespace" });
            return { api, access };
        } catch (error) {
            this.#namespace = this.#settings.namespace ?? this.#namespace;
            return { unreachable: error instanceof Error ? error.message : String(error) };
        }
    }

    async #api(): Promise<Api> {
        const connection = await this.#connection;
        if ("unreachable" in connection) {
            throw new Error(`the cluster cannot be reached: ${connection.unreachable}`);
        }
        return connection.api;
    }

    async #namespaced(apiVersion: string, kind: string): Promise<boolean> {
        const connection = await this.#connection;
        const brought = this.#definitions.get(`${apiVersion}/${kind}`);
        if ("unreachable" in connection) {
            return brought ?? presumedNamespaced(kind);
        }
        try {
            return (await connection.api.kind({ apiVersion, kind })).namespaced;
        } catch {
            return brought ?? presumedNamespaced(kind);
        }
    }

    #learnDefinition(object: KubeObject): void {
        if (text(object, "kind") === "CustomResourceDefinition") {
            const versions = at(object, "spec.versions");
            const names = (Array.isArray(versions) ? versions : []).map((version) => text(version, "name"));
            for (const version of names) {
                this.#definitions.set(
                    `${text(object, "spec.group")}/${version}/${text(object, "spec.names.kind")}`,
                    text(object, "spec.scope") !== "Cluster",
                );
            }
        }
    }

    // --- Parts of the operations ----------------------------------------------------------------------------------------

    #before(olds: Properties, oldInputs: Properties): KnownState {
        const known = fromState(reveals(olds));
        return Object.keys(oldInputs).length === 0 ? known : { ...known, inputs: forServer(reveals(oldInputs)) };
    }

    #replacesProvider(olds: Properties, news: Properties, changed: string[]): string[] {
        if (news.clusterIdentifier !== undefined && olds.clusterIdentifier !== undefined) {
            return changed.filter((key) => key === "clusterIdentifier");
        }
        const directory = changed.filter((key) => key === "renderYamlToDirectory");
        const cluster = changed.filter((key) => ["kubeconfig", "context", "cluster"].includes(key));
        return cluster.length > 0 && serverOf(olds) !== serverOf(news) ? [...directory, ...cluster] : directory;
    }

    async #immutable(found: PathChange[], after: KubeObject, fieldManager: string): Promise<PathChange[]> {
        const connection = await this.#connection;
        if ("unreachable" in connection || hasUnknown(after) || this.#settings.renderYamlToDirectory !== undefined) {
            return [];
        }
        const fields = await immutableFields(connection.api, after, fieldManager || newFieldManager(after));
        if (fields.length === 0) {
            return [];
        }
        const named = found.filter(({ path }) => fields.some((field) => covers(field.replaceAll(/\[(\w+)\]/g, ".$1"), path)));
        return named.length > 0 ? named : found;
    }

    async #unreadyJob(after: KubeObject): Promise<string[]> {
        const connection = await this.#connection;
        if (annotation(after, annotations.replaceUnready) !== "true" || kindKey(after) !== "batch/v1/Job" || "unreachable" in connection) {
            return [];
        }
        const live = await find(connection.api, after);
        const verdict = live === undefined ? undefined : await readinessOnRead(live)?.({ object: live, api: connection.api });
        return verdict?.ready === false ? [`metadata.annotations["${annotations.replaceUnready}"]`] : [];
    }

    #rendered(directory: string, inputs: KubeObject, news: Properties, fieldManager: string): { id: string; properties: Properties } {
        render(directory, inputs);
        return { id: idOf(inputs), properties: toState(inputs, inputs, news, fieldManager) };
    }

    async #previewed(
        { urn, type, news }: WriteCall,
        inputs: KubeObject,
        fieldManager: string,
        attempt: (api: Api) => Promise<Outcome>,
    ): Promise<Properties> {
        const connection = await this.#connection;
        if ("unreachable" in connection) {
            this.#warnUnreachable(urn, connection.unreachable);
            return news;
        }
        const outcome: Outcome = gvkOf(type).patch ? { cannotTell: undefined } : await attempt(connection.api);
        if ("live" in outcome) {
            return toState(outcome.live, inputs, news, fieldManager);
        }
        if (outcome.cannotTell !== undefined) {
            this.#log?.say("warning", urn, `the API server's dry run could not be used: ${outcome.cannotTell}`);
        }
        return news;
    }

    #warnUnreachable(urn: string, reason: string): void {
        if (!this.#warned) {
            this.#warned = true;
            this.#log?.say(
                "warning",
                urn,
                `the cluster cannot be reached, so the preview shows what the program asks for, unchecked: ${reason}`,
            );
        }
    }

    #waitOptions({ urn, timeout }: WriteCall): WaitOptions {
        return { seconds: timeout, signal: this.#cancelled.signal, report: (line) => this.#log?.status(urn, line) };
    }

    async #ready(
        api: Api,
        applied: KubeObject,
        inputs: KubeObject,
        news: Properties,
        fieldManager: string,
        wait: WaitOptions,
    ): Promise<KubeObject> {
        try {
            const live = await waitUntilReady(api, applied, wait);
            wait.report("");
            return live;
        } catch (error) {
            if (!(error instanceof NotReady)) {
                throw error;
            }
            throw new PartialFailure(
                idOf(applied),
                toState(error.live, inputs, news, fieldManager),
                undefined,
                error.reasons,
                error.message,
            );
        }
    }

    async #remove(api: Api, call: WriteCall, live: KubeObject, inputs: KubeObject, fieldManager: string): Promise<void> {
        const gvk = { apiVersion: text(live, "apiVersion"), kind: text(live, "kind") };
        const { name } = parseId(call.id);
        const namespace = namespaceOf(live);
        if (gvkOf(call.type).patch) {
            // An apply of nothing gives the fields back to their other owners.
            await api.apply({ ...gvk, metadata: { name, namespace } }, { fieldManager, force: false, dryRun: false });
            return;
        }
        const wished = annotation(inputs, annotations.deletionPropagation).toLowerCase();
        const policy = wished === "orphan" ? "Orphan" : wished === "background" ? "Background" : "Foreground";
        await api.delete(gvk, namespace, name, policy);
        const skipped =
            annotation(inputs, annotations.skipAwait) === "true" &&
            /^(apps\/v1|batch\/v1|v1)\/(Deployment|StatefulSet|DaemonSet|Job|Namespace|Pod)$/.test(kindKey(live));
        if (!skipped) {
            await waitUntilGone(api, { ...inputs, ...live }, this.#waitOptions(call));
        }
    }

    #readUnreachable(call: ReadCall, reason: string): Live | undefined {
        if (this.#settings.deleteUnreachable) {
            this.#log?.say("warning", call.urn, "the cluster is unreachable and deleteUnreachable is set: the resource is forgotten");
            return undefined;
        }
        if (this.#settings.skipUpdateUnreachable) {
            return call;
        }
        throw new Error(
            `the cluster cannot be reached: ${reason}. If it is gone for good, forget its resources by running this again with PULUMI_K8S_DELETE_UNREACHABLE=true`,
        );
    }

    async #refreshed(api: Api, call: ReadCall, known: KnownState, live: KubeObject): Promise<Live> {
        const inputs = forServer(reveals(call.inputs));
        const imported = Object.keys(inputs).length === 0;
        const now = imported ? importedInputs(live) : liveInputs(inputs, known.live, live);
        const properties = toState(live, now, call.inputs, known.fieldManager || newFieldManager(live));
        const answer: Live = { id: call.id, properties, inputs: withSecretsOf(now, call.inputs) };
        const rule = imported ? undefined : readinessOnRead(live);
        const verdict = await rule?.({ object: live, api });
        if (verdict?.ready === false) {
            throw new PartialFailure(call.id, answer.properties, answer.inputs, [verdict.why], verdict.why);
        }
        return answer;
    }
}

function serverOf(config: Properties): string {
    const word = (key: string): string | undefined => (typeof config[key] === "string" && config[key] !== "" ? config[key] : undefined);
    try {
        return readAccess(word("kubeconfig"), { context: word("context"), cluster: word("cluster") }).cluster.server;
    } catch {
        return "";
    }
}

/** A replacement under the same name needs the old one gone first. */
function sameObject(live: KubeObject, after: KubeObject): boolean {
    const autonamed = annotation(after, annotations.autonamed) === "true";
    return !autonamed && nameOf(after) !== "" && nameOf(after) === nameOf(live) && namespaceOf(after) === namespaceOf(live);
}

export { Unreachable };
