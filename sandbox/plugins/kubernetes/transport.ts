import * as http from "node:http";
import * as https from "node:https";
import { readFileSync } from "node:fs";
import type { Access } from "./kubeconfig";

export interface Answer {
    status: number;
    text: string;
}

export type Send = (method: string, path: string, body?: string, contentType?: string) => Promise<Answer>;

/** Nothing answered: refused, timed out, not found, or cut off. */
export class Unreachable extends Error {}

/** Enough to keep an API server busy, few enough not to spend a preview on TLS handshakes. */
const connections = 16;
const quietMs = 60_000;

function material(data: string | undefined, file: string | undefined): Buffer | undefined {
    if (data !== undefined) {
        return Buffer.from(data, "base64");
    }
    return file === undefined ? undefined : readFileSync(file);
}

function authorization({ user }: Access): string | undefined {
    if (user.token !== undefined || user.tokenFile !== undefined) {
        return `Bearer ${user.token ?? readFileSync(user.tokenFile ?? "", "utf8").trim()}`;
    }
    return user.username === undefined ? undefined : `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
}

type RequestOptions = () => Promise<https.RequestOptions>;

function ownOptions(access: Access): RequestOptions {
    const { cluster, user } = access;
    const agentOptions: https.AgentOptions = {
        keepAlive: true,
        maxSockets: connections,
        ca: material(cluster["certificate-authority-data"], cluster["certificate-authority"]),
        cert: material(user["client-certificate-data"], user["client-certificate"]),
        key: material(user["client-key-data"], user["client-key"]),
        rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
        ...(cluster["tls-server-name"] === undefined ? {} : { servername: cluster["tls-server-name"] }),
    };
    const agent = cluster.server.startsWith("https:")
        ? new https.Agent(agentOptions)
        : new http.Agent({ keepAlive: true, maxSockets: connections });
    const bearer = authorization(access);
    return () => Promise.resolve({ agent, headers: bearer === undefined ? {} : { authorization: bearer } });
}

/** Logins by helper program, cloud logins and proxies are the library's business; it takes 0.3 s to load. */
function libraryOptions(access: Access): RequestOptions {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only by those who need it
    const { KubeConfig } = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromString(access.text);
    config.setCurrentContext(access.context);
    return async () => {
        const options: https.RequestOptions = {};
        await config.applyToHTTPSOptions(options);
        return options;
    };
}

function needsLibrary({ cluster, user }: Access): boolean {
    return user.exec !== undefined || user["auth-provider"] !== undefined || cluster["proxy-url"] !== undefined;
}

/** Sends requests to one API server over connections that stay open. */
export function transport(access: Access): Send {
    const { cluster } = access;
    const base = cluster.server.replace(/\/$/, "");
    const { request } = cluster.server.startsWith("https:") ? https : http;
    let options: RequestOptions | undefined;
    return async (method, path, body, contentType = "application/json") => {
        options ??= needsLibrary(access) ? libraryOptions(access) : ownOptions(access);
        const { headers, ...rest } = await options();
        return new Promise<Answer>((resolve, reject) => {
            const sent = request(
                base + path,
                {
                    ...rest,
                    method,
                    timeout: quietMs,
                    headers: {
                        ...(headers as http.OutgoingHttpHeaders | undefined),
                        accept: "application/json",
                        "user-agent": "spark-platform-sandbox",
                        ...(body === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(body) }),
                    },
                },
                (response) => {
                    const chunks: Buffer[] = [];
                    response.on("data", (chunk: Buffer) => chunks.push(chunk));
                    response.on("error", reject);
                    response.on("end", () => {
                        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
                    });
                },
            );
            sent.on("timeout", () => sent.destroy(new Error(`no answer within ${quietMs / 1000} s`)));
            sent.on("error", (error) => {
                reject(new Unreachable(`${cluster.server}: ${error.message === "" ? error.name : error.message}`));
            });
            sent.end(body);
        });
    };
}
