import type { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { Properties } from "../values";
import type { Access } from "./kubeconfig";

export interface ConstructContext {
    defaultNamespace: string;
    unreachable: string | undefined;
    access: Access | undefined;
    namespaced: (apiVersion: string, kind: string) => Promise<boolean>;
    warn: (urn: string, message: string) => void;
}

export function construct(_request: ConstructRequest, _context: ConstructContext): Promise<ConstructResponse> {
    throw new Error("soon");
}

export function invoke(_token: string, _args: Properties, _namespace: string): Promise<Properties> {
    throw new Error("soon");
}
