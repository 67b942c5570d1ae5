import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type Properties, toStruct } from "./values";

/** State of a 10,000-object stack passes in one message. */
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** The resource exists, but did not become ready: the engine keeps its state and tries again at the next `up`. */
export class PartialFailure extends Error {
    public constructor(
        public readonly id: string,
        public readonly properties: Properties,
        public readonly inputs: Properties | undefined,
        public readonly reasons: string[],
        message: string,
    ) {
        super(message);
    }
}

/** What a provider does not offer; the engine knows how to go on without it. */
export class Unimplemented extends Error {}

function partialFailureDetails(failure: PartialFailure): grpc.Metadata {
    const detail = new ErrorResourceInitFailed();
    detail.setId(failure.id);
    detail.setProperties(toStruct(failure.properties));
    detail.setReasonsList(failure.reasons);
    if (failure.inputs !== undefined) {
        detail.setInputs(toStruct(failure.inputs));
    }
    const packed = new Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(failure.message);
    status.addDetails(packed);
    const metadata = new grpc.Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    return metadata;
}

function toServiceError(error: unknown): Partial<grpc.StatusObject> {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof PartialFailure) {
        return { code: grpc.status.UNKNOWN, details: message, metadata: partialFailureDetails(error) };
    }
    return { code: error instanceof Unimplemented ? grpc.status.UNIMPLEMENTED : grpc.status.UNKNOWN, details: message };
}

/** A method of a service that answers once. */
export function unary<Request, Response>(
    answer: (request: Request) => Promise<Response> | Response,
): grpc.handleUnaryCall<Request, Response> {
    return (call, callback) => {
        void (async () => {
            try {
                callback(null, await answer(call.request));
            } catch (error) {
                callback(toServiceError(error));
            }
        })();
    };
}

/** A method of a service that answers in pieces. */
export function streaming<Request, Response>(
    answer: (request: Request, write: (piece: Response) => void) => Promise<void>,
): grpc.handleServerStreamingCall<Request, Response> {
    return (call) => {
        void (async () => {
            try {
                await answer(call.request, (piece) => call.write(piece));
                call.end();
            } catch (error) {
                call.emit("error", toServiceError(error));
            }
        })();
    };
}

const lookMs = 2000;

/** A plugin ends with the engine that started it, even if that was killed. One that somebody started by hand lives on. */
function endWithEngine(): void {
    const engine = process.ppid;
    if (engineAddress() !== "") {
        setInterval(() => {
            if (process.ppid !== engine) {
                process.exit(1);
            }
        }, lookMs).unref();
    }
}

/** Serves on a free loopback port and tells the engine which by printing it, as every plugin does. */
export function serve(service: grpc.ServiceDefinition, implementation: grpc.UntypedServiceImplementation): void {
    endWithEngine();
    const server = new grpc.Server(unlimited);
    server.addService(service, implementation);
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error !== null) {
            process.stderr.write(`cannot listen on 127.0.0.1: ${error.message}\n`);
            process.exit(1);
        }
        process.stdout.write(`${port}\n`);
    });
}

export function connect<Client>(
    client: new (address: string, credentials: grpc.ChannelCredentials, options: grpc.ClientOptions) => Client,
    address: string,
): Client {
    return new client(address, grpc.credentials.createInsecure(), unlimited);
}

type Severity = "debug" | "info" | "warning" | "error";

const severities: Record<Severity, LogSeverity> = {
    debug: LogSeverity.DEBUG,
    info: LogSeverity.INFO,
    warning: LogSeverity.WARNING,
    error: LogSeverity.ERROR,
};

/** The engine's log: lines under a resource that stay, and a status that is replaced by the next one. */
export class EngineLog {
    readonly #client: EngineClient;
    readonly #statuses = new Map<string, string>();

    public constructor(address: string) {
        this.#client = connect(EngineClient, address);
    }

    public say(severity: Severity, urn: string, message: string): void {
        this.#send(severity, urn, message, false);
    }

    public status(urn: string, message: string): void {
        if (this.#statuses.get(urn) !== message) {
            this.#statuses.set(urn, message);
            this.#send("info", urn, message, true);
        }
    }

    #send(severity: Severity, urn: string, message: string, ephemeral: boolean): void {
        const request = new LogRequest();
        request.setSeverity(severities[severity]);
        request.setUrn(urn);
        request.setMessage(message);
        request.setEphemeral(ephemeral);
        this.#client.log(request, () => {
            // The engine is going away: nobody is left to read the line.
        });
    }
}

/** The engine passes its address as the last argument to the plugins that it starts. */
export function engineAddress(): string {
    return process.argv.slice(2).at(-1) ?? "";
}
