import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { checkPod, type PodSettings } from "../../internal/pod";
import { dnsLabel, each, existingObject, imageReference, present, wholeNumber } from "../../internal/values";
import type { ServiceEndpoint } from "../../tools/connections";
import { webEndpoint, type EndpointFacts } from "../../tools/endpoints";

/** What a portal is like: everything but its place and its servers. */
export interface SparkHistoryPortalSettings {
    /** Number of proxies behind one address. Default: 1. */
    replicas?: pulumi.Input<number>;
    /** Namespaces whose pods may read the pages; pods of the portal's own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** Where and as whom the pods run. */
    pod?: PodSettings;
}

/** Arguments of `SparkHistoryPortal`. */
export interface SparkHistoryPortalArgs extends SparkHistoryPortalSettings {
    /** Namespace to run in. Changing it replaces the portal. */
    namespace: pulumi.Input<string>;
    /** Image with nginx (see images/README.md). */
    image: pulumi.Input<string>;
    /** The servers by name, for example by team: each is shown under /<name>/. */
    servers: pulumi.Input<Record<string, pulumi.Input<ServiceEndpoint>>>;
    /** Service account of the pods. Default: the namespace's default account. Its token is never mounted. */
    serviceAccount?: pulumi.Input<string>;
}

type Servers = Record<string, EndpointFacts>;

/** The arguments with every default filled in. */
export interface ResolvedHistoryPortal extends SparkHistoryPortalArgs {
    name: string;
    servers: pulumi.Input<Servers>;
    replicas: pulumi.Input<number>;
    clientNamespaces: pulumi.Input<string[]>;
}

const defaults = { replicas: 1, clientNamespaces: [] };

/** Spark's pages find out where they are by looking for these words in their own address. */
const takenPaths = ["history", "proxy"];

const serverName: Check<string> = (name) =>
    takenPaths.includes(name) ? "is a word of Spark's own addresses; take another" : dnsLabel(name);

const namedServers: Check<Servers> = (servers) => {
    const problems = Object.entries(servers).flatMap(([name, server]) =>
        [serverName(name), webEndpoint(server)].flatMap((problem) => (problem === undefined ? [] : [`"${name}": ${problem}`])),
    );
    if (Object.keys(servers).length === 0) {
        return "is empty; give at least one";
    }
    return problems.length === 0 ? undefined : problems.join("; ");
};

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveHistoryPortal(name: string, given: SparkHistoryPortalArgs): ResolvedHistoryPortal {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`SparkHistoryPortal "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedHistoryPortal = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        servers: checks.input("servers", args.servers, present, namedServers),
        serviceAccount: checks.optional("serviceAccount", args.serviceAccount, existingObject),
        replicas: checks.input("replicas", args.replicas, wholeNumber({ from: 1 })),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}
