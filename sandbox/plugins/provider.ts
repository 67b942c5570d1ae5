import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Unimplemented, serve, streaming, unary } from "./rpc";
import { type Properties, fromStruct, toStruct } from "./values";

export interface Failure {
    property: string;
    reason: string;
}

export interface CheckCall {
    urn: string;
    type: string;
    name: string;
    olds: Properties;
    news: Properties;
    seed: Uint8Array;
    /** The name that the stack's own naming rule wants, if it has one. */
    proposedName: string | undefined;
    namingDisabled: boolean;
}

export interface Change {
    path: string;
    kind: "add" | "delete" | "update";
    replace: boolean;
}

export interface DiffCall {
    urn: string;
    type: string;
    id: string;
    oldInputs: Properties;
    olds: Properties;
    news: Properties;
    ignoreChanges: string[];
}

export interface Difference {
    changes: Change[];
    /** Properties that force a replacement without being a change themselves. */
    replaces?: string[];
    deleteBeforeReplace?: boolean;
}

export interface WriteCall {
    urn: string;
    type: string;
    id: string;
    olds: Properties;
    oldInputs: Properties;
    news: Properties;
    /** Seconds; 0 when the user set none. */
    timeout: number;
    preview: boolean;
    ignoreChanges: string[];
}

export interface ReadCall {
    urn: string;
    type: string;
    id: string;
    inputs: Properties;
    properties: Properties;
}

export interface Live {
    id: string;
    properties: Properties;
    inputs: Properties;
}

/** A resource provider, free of the wire. What it leaves out is answered in the usual way or reported as not offered. */
export interface Provider {
    name: string;
    version: string;
    engine?(address: string): void;
    checkConfig?(urn: string, news: Properties): Failure[];
    diffConfig?(olds: Properties, news: Properties): Difference;
    configure(variables: Record<string, string>): Promise<void> | void;
    check(call: CheckCall): Promise<{ inputs: Properties; failures: Failure[] }> | { inputs: Properties; failures: Failure[] };
    diff(call: DiffCall): Promise<Difference> | Difference;
    create(call: WriteCall): Promise<{ id: string; properties: Properties }>;
    update(call: WriteCall): Promise<Properties>;
    delete(call: WriteCall): Promise<void>;
    /** Returns nothing when the resource is gone. */
    read(call: ReadCall): Promise<Live | undefined>;
    construct?(request: pb.ConstructRequest): Promise<pb.ConstructResponse>;
    invoke?(token: string, args: Properties): Promise<Properties>;
    cancel?(): void;
}

function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

const kinds = {
    add: { false: pb.PropertyDiff.Kind.ADD, true: pb.PropertyDiff.Kind.ADD_REPLACE },
    delete: { false: pb.PropertyDiff.Kind.DELETE, true: pb.PropertyDiff.Kind.DELETE_REPLACE },
    update: { false: pb.PropertyDiff.Kind.UPDATE, true: pb.PropertyDiff.Kind.UPDATE_REPLACE },
};

function diffResponse({ changes, replaces = [], deleteBeforeReplace = false }: Difference): pb.DiffResponse {
    const response = new pb.DiffResponse();
    const forced = new Set([...replaces, ...changes.filter((change) => change.replace).map((change) => change.path)]);
    response.setChanges(changes.length + forced.size > 0 ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE);
    response.setReplacesList([...forced]);
    response.setDiffsList(changes.map(({ path }) => path));
    response.setDeletebeforereplace(deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    for (const { path, kind, replace } of changes) {
        const detail = new pb.PropertyDiff();
        detail.setKind(kinds[kind][replace || forced.has(path) ? "true" : "false"]);
        detail.setInputdiff(true);
        response.getDetaileddiffMap().set(path, detail);
    }
    return response;
}

function checkResponse(inputs: Properties, failures: Failure[]): pb.CheckResponse {
    const response = new pb.CheckResponse();
    response.setInputs(toStruct(inputs));
    for (const { property, reason } of failures) {
        const failure = new pb.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
    }
    return response;
}

function configuration(provider: Provider): Record<string, unknown> {
    return {
        handshake: unary((request: pb.ProviderHandshakeRequest) => {
            provider.engine?.(request.getEngineAddress());
            const response = new pb.ProviderHandshakeResponse();
            response.setAcceptSecrets(true);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),
        attach: unary((request: { getAddress(): string }) => {
            provider.engine?.(request.getAddress());
            return new Empty();
        }),
        getPluginInfo: unary(() => {
            const info = new PluginInfo();
            info.setVersion(provider.version);
            return info;
        }),
        // Only code generation asks for a schema; the package of the language carries what programs need.
        getSchema: unary(() => {
            const response = new pb.GetSchemaResponse();
            response.setSchema(JSON.stringify({ name: provider.name, version: provider.version }));
            return response;
        }),
        getMapping: unary(() => new pb.GetMappingResponse()),
        getMappings: unary(() => new pb.GetMappingsResponse()),
        checkConfig: unary((request: pb.CheckRequest) => {
            const news = fromStruct(request.getNews());
            return checkResponse(news, provider.checkConfig?.(request.getUrn(), news) ?? []);
        }),
        diffConfig: unary((request: pb.DiffRequest) =>
            diffResponse(provider.diffConfig?.(fromStruct(request.getOlds()), fromStruct(request.getNews())) ?? { changes: [] }),
        ),
        configure: unary(async (request: pb.ConfigureRequest) => {
            await provider.configure(Object.fromEntries(request.getVariablesMap().getEntryList()));
            const response = new pb.ConfigureResponse();
            response.setAcceptsecrets(true);
            response.setSupportspreview(true);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),
        // `Cancel` also comes at the end of every operation, and an attached provider lives on.
        cancel: unary(() => {
            provider.cancel?.();
            return new Empty();
        }),
    };
}

function operations(provider: Provider): Record<string, unknown> {
    return {
        check: unary(async (request: pb.CheckRequest) => {
            const urn = request.getUrn();
            const naming = request.getAutonaming();
            const { inputs, failures } = await provider.check({
                urn,
                type: typeOf(urn),
                name: nameOf(urn),
                olds: fromStruct(request.getOlds()),
                news: fromStruct(request.getNews()),
                seed: request.getRandomseed_asU8(),
                proposedName: naming?.getProposedName(),
                namingDisabled: naming?.getMode() === pb.CheckRequest.AutonamingOptions.Mode.DISABLE,
            });
            return checkResponse(inputs, failures);
        }),
        diff: unary(async (request: pb.DiffRequest) => {
            const urn = request.getUrn();
            const difference = await provider.diff({
                urn,
                type: typeOf(urn),
                id: request.getId(),
                oldInputs: fromStruct(request.getOldInputs()),
                olds: fromStruct(request.getOlds()),
                news: fromStruct(request.getNews()),
                ignoreChanges: request.getIgnorechangesList(),
            });
            return diffResponse(difference);
        }),
        create: unary(async (request: pb.CreateRequest) => {
            const urn = request.getUrn();
            const { id, properties } = await provider.create({
                urn,
                type: typeOf(urn),
                id: "",
                olds: {},
                oldInputs: {},
                news: fromStruct(request.getProperties()),
                timeout: request.getTimeout(),
                preview: request.getPreview(),
                ignoreChanges: [],
            });
            const response = new pb.CreateResponse();
            response.setId(id);
            response.setProperties(toStruct(properties));
            return response;
        }),
        update: unary(async (request: pb.UpdateRequest) => {
            const urn = request.getUrn();
            const properties = await provider.update({
                urn,
                type: typeOf(urn),
                id: request.getId(),
                olds: fromStruct(request.getOlds()),
                oldInputs: fromStruct(request.getOldInputs()),
                news: fromStruct(request.getNews()),
                timeout: request.getTimeout(),
                preview: request.getPreview(),
                ignoreChanges: request.getIgnorechangesList(),
            });
            const response = new pb.UpdateResponse();
            response.setProperties(toStruct(properties));
            return response;
        }),
        delete: unary(async (request: pb.DeleteRequest) => {
            const urn = request.getUrn();
            await provider.delete({
                urn,
                type: typeOf(urn),
                id: request.getId(),
                olds: fromStruct(request.getProperties()),
                oldInputs: fromStruct(request.getOldInputs()),
                news: {},
                timeout: request.getTimeout(),
                preview: false,
                ignoreChanges: [],
            });
            return new Empty();
        }),
        read: unary(async (request: pb.ReadRequest) => {
            const urn = request.getUrn();
            const live = await provider.read({
                urn,
                type: typeOf(urn),
                id: request.getId(),
                inputs: fromStruct(request.getInputs()),
                properties: fromStruct(request.getProperties()),
            });
            const response = new pb.ReadResponse();
            if (live !== undefined) {
                response.setId(live.id);
                response.setProperties(toStruct(live.properties));
                response.setInputs(toStruct(live.inputs));
            }
            return response;
        }),
    };
}

function notOffered(provider: Provider, what: string): () => never {
    return () => {
        throw new Unimplemented(`the stand-in for the ${provider.name} plugin does not offer ${what}; install the official plugin`);
    };
}

function extras(provider: Provider): Record<string, unknown> {
    return {
        construct: unary(provider.construct?.bind(provider) ?? notOffered(provider, "component resources")),
        invoke: unary(async (request: pb.InvokeRequest) => {
            const invoke = provider.invoke?.bind(provider) ?? notOffered(provider, `the function ${request.getTok()}`);
            const response = new pb.InvokeResponse();
            response.setReturn(toStruct(await invoke(request.getTok(), fromStruct(request.getArgs()))));
            return response;
        }),
        call: unary(notOffered(provider, "methods")),
        parameterize: unary(notOffered(provider, "parameters")),
        list: streaming(() => Promise.reject(new Unimplemented(`the stand-in for the ${provider.name} plugin does not offer listing`))),
    };
}

export function serveProvider(provider: Provider): void {
    serve(ResourceProviderService, { ...configuration(provider), ...operations(provider), ...extras(provider) } as never);
}
