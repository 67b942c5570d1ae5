import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check, Checks } from "./checks";
import { namesSecret, notOwned } from "./spark-properties";
import { structure } from "./structure";
import { absolutePath, existingObject, keyOfSecret, quoted } from "./values";

/** One value of a Secret. */
export interface SecretKey {
    /** Name of the Secret, in the namespace of the pod. */
    secret: pulumi.Input<string>;
    /** Key in it. */
    key: pulumi.Input<string>;
}

/** A directory of files that exist already, in every pod; of the three sources exactly one is given. */
export interface MountedFiles {
    /** Directory in the containers. */
    path: pulumi.Input<string>;
    /** ConfigMap whose keys are the files. Plain as to whether it is given. */
    configMap?: pulumi.Input<string>;
    /** Secret whose keys are the files. Plain as to whether it is given. */
    secret?: pulumi.Input<string>;
    /** Volume claim; several pods need one that many may mount. Plain as to whether it is given. */
    claim?: pulumi.Input<string>;
    /** Whether the pods may write; only a claim can be written to. Default: false. */
    writable?: pulumi.Input<boolean>;
}

/** What users add to the containers of a brick. */
export interface PodAdditions {
    /** Further environment variables. Secrets do not belong here. Default: none. */
    environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Further environment variables whose values are in Secrets. Default: none. */
    secretEnvironment?: pulumi.Input<Record<string, pulumi.Input<SecretKey>>>;
    /** Further files, by a name for each directory. Plain: decides which volumes exist. Default: none. */
    files?: Record<string, MountedFiles>;
}

const sources = ["configMap", "secret", "claim"] as const;

/** Checks additions; what comes back must be used. A variable that an argument of the brick decides may not be given a second time: `owners` says which. */
export function resolveAdditions(checks: Checks, given: PodAdditions, owners: Record<string, string> = {}): PodAdditions {
    return {
        environment: checks.optional("environment", given.environment, variableNames, noSecretNames, notOwned(owners)),
        secretEnvironment: checks.optional("secretEnvironment", given.secretEnvironment, variableNames, secretKeys, notOwned(owners)),
        files:
            given.files &&
            Object.fromEntries(Object.entries(given.files).map(([name, files]) => [name, resolveFiles(checks, name, files)])),
    };
}

function resolveFiles(checks: Checks, name: string, files: MountedFiles): MountedFiles {
    const field = `files["${name}"]`;
    checks.plain(field, name, (text) =>
        /^[a-z]([-a-z0-9]{0,40}[a-z0-9])?$/.test(text)
            ? undefined
            : 'is no name of a volume; use lower-case letters, digits and "-", at most 42',
    );
    checks.plain(field, files, ({ configMap, secret, claim }) => {
        const given = [configMap, secret, claim].filter((source) => source !== undefined).length;
        return given === 1 ? undefined : `has ${given} sources; give one of ${sources.join(", ")}`;
    });
    checks.plain(`${field}.writable`, files, ({ claim, writable }) =>
        claim === undefined && writable === true ? "is for a claim; nothing else can be written to" : undefined,
    );
    return {
        ...files,
        path: checks.input(`${field}.path`, files.path, absolutePath),
        configMap: checks.optional(`${field}.configMap`, files.configMap, existingObject),
        secret: checks.optional(`${field}.secret`, files.secret, existingObject),
        claim: checks.optional(`${field}.claim`, files.claim, existingObject),
    };
}

export const variableNames: Check<object> = (variables) => {
    const wrong = Object.keys(variables).filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
    return wrong.length === 0 ? undefined : `"${wrong.join('", "')}" is no name of an environment variable; use letters, digits and "_"`;
};

export const noSecretNames: Check<Record<string, string>> = (variables) => {
    const secret = Object.entries(variables).flatMap(([name, value]) => (namesSecret(name, value) ? [name] : []));
    return secret.length === 0 ? undefined : `"${secret.join('", "')}" looks like a secret; give it by secretEnvironment`;
};

const secretKey = structure<pulumi.Unwrap<SecretKey>>({ secret: existingObject, key: keyOfSecret }, { needed: ["secret", "key"] });

/** References to values of Secrets, by a name for each. */
export const secretKeys: Check<Record<string, pulumi.Unwrap<SecretKey>>> = (references) => {
    const problems = Object.entries(references).flatMap(([name, reference]) =>
        secretKey.problems(reference).map((problem) => `${quoted(name)} ${problem}`),
    );
    return problems.length === 0 ? undefined : problems.join("; ");
};

export function environmentOf({ environment = {}, secretEnvironment = {} }: PodAdditions): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    return pulumi
        .all([environment, secretEnvironment])
        .apply(([plain, secret]) => [
            ...Object.entries(plain).map(([name, value]) => ({ name, value })),
            ...Object.entries(secret).map(([name, { secret: of, key }]) => ({ name, valueFrom: { secretKeyRef: { name: of, key } } })),
        ]);
}

const volumeName = (name: string) => `files-${name}`;

export function volumesOf({ files = {} }: PodAdditions): k8s.types.input.core.v1.Volume[] {
    return Object.entries(files).map(([name, { configMap, secret, claim }]) => ({
        name: volumeName(name),
        ...(configMap !== undefined && { configMap: { name: configMap } }),
        ...(secret !== undefined && { secret: { secretName: secret } }),
        ...(claim !== undefined && { persistentVolumeClaim: { claimName: claim } }),
    }));
}

export function mountsOf({ files = {} }: PodAdditions): k8s.types.input.core.v1.VolumeMount[] {
    return Object.entries(files).map(([name, { path, writable }]) => ({
        name: volumeName(name),
        mountPath: path,
        readOnly: pulumi.output(writable).apply((may) => !may),
    }));
}
