import { type Gvk, type KubeObject, nameOf, namespaceOf, text } from "./objects";
import { type Send, Unreachable } from "./transport";

interface Cause {
    reason?: string;
    message?: string;
    field?: string;
}

interface StatusBody {
    message?: string;
    reason?: string;
    details?: { kind?: string; name?: string; causes?: Cause[] };
}

/** What an API server says when it refuses. */
export class ApiError extends Error {
    public constructor(
        public readonly code: number,
        public readonly reason: string,
        message: string,
        public readonly causes: Cause[],
        public readonly about: { kind: string; name: string },
    ) {
        super(message);
    }
}

/** The API server does not know the kind, so far. */
export class UnknownKind extends Error {}

export function isNotFound(error: unknown): error is ApiError | UnknownKind {
    return error instanceof UnknownKind || (error instanceof ApiError && error.code === 404);
}

function parseStatus(body: string): StatusBody {
    try {
        return JSON.parse(body) as StatusBody;
    } catch {
        return { message: body.slice(0, 500) };
    }
}

function toError(status: number, body: string): ApiError {
    const { message = "", reason = "", details: { kind = "", name = "", causes = [] } = {} } = parseStatus(body);
    return new ApiError(status, reason, message === "" ? `HTTP ${status}` : message, causes, { kind, name });
}

export interface ResourceKind {
    plural: string;
    namespaced: boolean;
}

interface ApiResourceList {
    resources: { name: string; kind: string; namespaced: boolean }[];
}

export interface ApplyOptions {
    fieldManager: string;
    force: boolean;
    dryRun: boolean;
}

const attempts = 6;
const firstPauseMs = 100;

/** Worth another try: everything sent here can be sent twice. */
function passing(error: unknown, reached: boolean): boolean {
    return error instanceof ApiError ? [429, 503].includes(error.code) : error instanceof Unreachable && reached;
}

function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function query(parameters: Record<string, string | boolean | undefined>): string {
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== false);
    const written = given.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
    return written.length === 0 ? "" : `?${written.join("&")}`;
}

function groupPath(apiVersion: string): string {
    return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** An API server: any kind of object, by its own discovery. */
export class Api {
    readonly #send: Send;
    /** A server that has answered once is waited for when it restarts; one that never did is reported at once. */
    #reached = false;
    readonly #kinds = new Map<string, Promise<Map<string, ResourceKind>>>();

    public constructor(send: Send) {
        this.#send = send;
    }

    public async request(method: string, path: string, body?: object, contentType?: string): Promise<string> {
        const written = body === undefined ? undefined : JSON.stringify(body);
        for (let attempt = 1; ; attempt += 1) {
            try {
                return await this.#once(method, path, written, contentType);
            } catch (error) {
                if (attempt === attempts || !passing(error, this.#reached)) {
                    throw error;
                }
            }
            await pause(firstPauseMs * 2 ** attempt);
        }
    }

    async #once(method: string, path: string, body: string | undefined, contentType: string | undefined): Promise<string> {
        const { status, text: answer } = await this.#send(method, path, body, contentType);
        this.#reached = true;
        if (status >= 400) {
            throw toError(status, answer);
        }
        return answer;
    }

    /** Throws {@link UnknownKind} when the API server does not have it (yet). */
    public async kind({ apiVersion, kind }: Gvk): Promise<ResourceKind> {
        const found = (await this.#discover(apiVersion)).get(kind);
        if (found === undefined) {
            this.#kinds.delete(apiVersion);
            throw new UnknownKind(`the API server has no ${kind} in ${apiVersion}: is its CustomResourceDefinition installed?`);
        }
        return found;
    }

    public async get(gvk: Gvk, namespace: string, name: string): Promise<KubeObject> {
        return JSON.parse(await this.request("GET", await this.#path(gvk, namespace, name))) as KubeObject;
    }

    public async list(
        gvk: Gvk,
        namespace: string,
        selectors: { labelSelector?: string; fieldSelector?: string } = {},
    ): Promise<KubeObject[]> {
        const answer = await this.request("GET", (await this.#path(gvk, namespace)) + query({ ...selectors, limit: "500" }));
        return (JSON.parse(answer) as { items: KubeObject[] }).items.map((item) => ({ ...gvk, ...item }));
    }

    /** Creates nothing: says what a creation would give. */
    public async tryCreate(object: KubeObject, fieldManager: string): Promise<KubeObject> {
        const path = await this.#path(Api.gvk(object), namespaceOf(object));
        const parameters = query({ dryRun: "All", fieldManager, fieldValidation: "Strict" });
        return JSON.parse(await this.request("POST", path + parameters, object)) as KubeObject;
    }

    public async apply(object: KubeObject, { fieldManager, force, dryRun }: ApplyOptions): Promise<KubeObject> {
        const path = await this.#path(Api.gvk(object), namespaceOf(object), nameOf(object));
        const parameters = query({ fieldManager, force, fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined });
        return JSON.parse(await this.request("PATCH", path + parameters, object, "application/apply-patch+yaml")) as KubeObject;
    }

    public async delete(gvk: Gvk, namespace: string, name: string, propagationPolicy: string): Promise<void> {
        await this.request("DELETE", await this.#path(gvk, namespace, name), { propagationPolicy });
    }

    /** The last lines of a container's log, or nothing when there is no log. */
    public async log(namespace: string, pod: string, container: string, lines: number, previous: boolean): Promise<string> {
        const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log${query({ container, tailLines: String(lines), previous })}`;
        try {
            return (await this.request("GET", path)).trim();
        } catch {
            return "";
        }
    }

    /** The server's version and all that it serves, in the form that charts ask for ("apps/v1", "apps/v1/Deployment"). */
    public async capabilities(): Promise<{ version: string; apis: string[] }> {
        const { gitVersion } = JSON.parse(await this.request("GET", "/version")) as { gitVersion: string };
        const { groups } = JSON.parse(await this.request("GET", "/apis")) as { groups: { versions: { groupVersion: string }[] }[] };
        const groupVersions = ["v1", ...groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => groupVersion))];
        const apis = await Promise.all(
            groupVersions.map(async (groupVersion) => {
                this.#kinds.delete(groupVersion);
                return [groupVersion, ...[...(await this.#discover(groupVersion)).keys()].map((kind) => `${groupVersion}/${kind}`)];
            }),
        );
        return { version: gitVersion, apis: apis.flat() };
    }

    static gvk(object: KubeObject): Gvk {
        return { apiVersion: text(object, "apiVersion"), kind: text(object, "kind") };
    }

    async #path(gvk: Gvk, namespace: string, name?: string): Promise<string> {
        const { plural, namespaced } = await this.kind(gvk);
        const scope = namespaced ? `/namespaces/${namespace === "" ? "default" : namespace}` : "";
        return `${groupPath(gvk.apiVersion)}${scope}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
    }

    #discover(apiVersion: string): Promise<Map<string, ResourceKind>> {
        const known = this.#kinds.get(apiVersion);
        if (known !== undefined) {
            return known;
        }
        const asked = this.#askKinds(apiVersion);
        this.#kinds.set(apiVersion, asked);
        asked.catch(() => this.#kinds.delete(apiVersion));
        return asked;
    }

    async #askKinds(apiVersion: string): Promise<Map<string, ResourceKind>> {
        try {
            const { resources } = JSON.parse(await this.request("GET", groupPath(apiVersion))) as ApiResourceList;
            // Subresources are listed beside the resources ("pods/log").
            const own = resources.filter(({ name }) => !name.includes("/"));
            return new Map(own.map(({ kind, name, namespaced }) => [kind, { plural: name, namespaced }]));
        } catch (error) {
            if (error instanceof ApiError && error.code === 404) {
                return new Map();
            }
            throw error;
        }
    }
}
