import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { dataPaths } from "../../sandbox/cluster/layout";

/** What an account of a namespace asked of the API server, and what it was answered. */
export interface Request {
    account: string;
    verb: string;
    group: string;
    /** `pods`, `pods/log`. */
    resource: string;
    /** HTTP status. */
    code: number;
}

/** A line of a Role: one verb on one resource. */
export interface Permission {
    account: string;
    verb: string;
    group: string;
    resource: string;
}

interface AuditEvent {
    verb: string;
    user: { username: string };
    objectRef?: { resource?: string; subresource?: string; apiGroup?: string };
    responseStatus?: { code: number };
    requestReceivedTimestamp: string;
}

/** The sandbox's audit log: every request of the accounts of one namespace since a moment. */
export function requestsOf(namespace: string, since: Date): Request[] {
    const prefix = `system:serviceaccount:${namespace}:`;
    return auditLines()
        .filter((line) => line.includes(prefix))
        .map((line) => JSON.parse(line) as AuditEvent)
        .filter(({ user, requestReceivedTimestamp }) => user.username.startsWith(prefix) && new Date(requestReceivedTimestamp) >= since)
        .flatMap(({ verb, user, objectRef, responseStatus }) =>
            objectRef?.resource === undefined
                ? []
                : {
                      account: user.username.slice(prefix.length),
                      verb,
                      group: objectRef.apiGroup ?? "",
                      resource: [objectRef.resource, objectRef.subresource].filter(Boolean).join("/"),
                      code: responseStatus?.code ?? 0,
                  },
        );
}

/** The server turns a full log over and gives the old one a name with its date. */
function auditLines(): string[] {
    return readdirSync(dataPaths.logs)
        .filter((name) => /^audit.*\.log$/.test(name))
        .flatMap((name) => readFileSync(join(dataPaths.logs, name), "utf8").split("\n"));
}

export const describePermission = ({ account, verb, group, resource }: Permission): string =>
    `${account}: ${verb} ${[resource, group].filter(Boolean).join(".")}`;

/** What is granted, each once, and nobody asked for. */
export function unused(granted: Permission[], requests: Request[]): string[] {
    const asked = new Set(requests.filter(({ code }) => code < 400).map(describePermission));
    return [...new Set(granted.map(describePermission))].filter((each) => !asked.has(each)).sort();
}

/** What was asked for and refused, each once. */
export function refused(requests: Request[]): string[] {
    return [...new Set(requests.filter(({ code }) => code === 401 || code === 403).map(describePermission))].sort();
}
