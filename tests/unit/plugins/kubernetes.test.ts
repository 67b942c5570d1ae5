import assert from "node:assert/strict";

import type { CheckCall } from "../../../sandbox/plugins/provider";
import { Secret, unknown } from "../../../sandbox/plugins/values";
import { Api, ApiError } from "../../../sandbox/plugins/kubernetes/api";
import { apply, create, keepIgnored } from "../../../sandbox/plugins/kubernetes/apply";
import { check } from "../../../sandbox/plugins/kubernetes/check";
import { covers, differences, pathText } from "../../../sandbox/plugins/kubernetes/diff";
import { selectorText } from "../../../sandbox/plugins/kubernetes/explain";
import { normalized, parseManifests, prerequisites } from "../../../sandbox/plugins/kubernetes/manifests";
import { forPrograms, forServer, gvkOf, idOf, parseId } from "../../../sandbox/plugins/kubernetes/objects";
import { immutableFields, previewCreate } from "../../../sandbox/plugins/kubernetes/preview";
import { importedInputs, liveInputs } from "../../../sandbox/plugins/kubernetes/refresh";
import { replaceFields } from "../../../sandbox/plugins/kubernetes/replace";
import { fromState, toState, withSecretsOf } from "../../../sandbox/plugins/kubernetes/state";
import { customReady } from "../../../sandbox/plugins/kubernetes/wait-for";

const context = { defaultNamespace: "team", namespaced: (_: string, kind: string) => Promise.resolve(kind !== "Namespace") };

const checkCall = (news: any, more: Partial<CheckCall> = {}): CheckCall => ({
    urn: "",
    type: "kubernetes:core/v1:ConfigMap",
    name: "settings",
    olds: {},
    news,
    seed: new Uint8Array([1]),
    proposedName: undefined,
    namingDisabled: false,
    ...more,
});

describe("kubernetes: check", () => {
    it("completes kind, name and namespace, the same for the same seed", async () => {
        const { inputs } = await check(checkCall({ data: { a: "b" } }), context);
        assert.equal(inputs.apiVersion, "v1");
        assert.equal(inputs.kind, "ConfigMap");
        const metadata = inputs.metadata as any;
        assert.match(metadata.name, /^settings-[0-9a-f]{8}$/);
        assert.equal(metadata.namespace, "team");
        assert.equal(metadata.annotations["pulumi.com/autonamed"], "true");
        assert.deepEqual((await check(checkCall({ data: { a: "b" } }), context)).inputs, inputs);
    });

    it("keeps the name that it gave before", async () => {
        const { inputs: olds } = await check(checkCall({}), context);
        const { inputs } = await check(checkCall({ data: {} }, { olds, seed: new Uint8Array([2]) }), context);
        assert.equal((inputs.metadata as any).name, (olds.metadata as any).name);
    });

    it("takes the name that the stack's own rule proposes, or refuses where names are switched off", async () => {
        assert.equal(((await check(checkCall({}, { proposedName: "mine" }), context)).inputs.metadata as any).name, "mine");
        assert.match((await check(checkCall({}, { namingDisabled: true }), context)).failures[0]!.reason, /a name is required/);
    });

    it("leaves alone what is not known yet", async () => {
        const { inputs } = await check(checkCall({ metadata: { name: unknown, namespace: unknown } }), context);
        assert.deepEqual(inputs.metadata, { name: unknown, namespace: unknown });
        assert.equal((await check(checkCall({ metadata: unknown }), context)).inputs.metadata, unknown);
    });

    it("drops nulls, server fields, and the namespace of what has none", async () => {
        const news = { metadata: { name: "n", namespace: "x", uid: "1", labels: null } };
        const { inputs } = await check(checkCall(news, { type: "kubernetes:core/v1:Namespace" }), context);
        assert.deepEqual(inputs, { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } });
    });

    it("keeps secrets secret", async () => {
        const { inputs } = await check(checkCall({ metadata: { name: "n" }, data: { a: new Secret("s"), b: "c" } }), context);
        assert.deepEqual(inputs.data, { a: new Secret("s"), b: "c" });
        const secret = await check(
            checkCall({ metadata: { name: "n" }, stringData: { a: "s" } }, { type: "kubernetes:core/v1:Secret" }),
            context,
        );
        assert.deepEqual(secret.inputs.stringData, new Secret({ a: "s" }));
    });

    it("refuses lists and generated names", async () => {
        assert.equal(
            (await check(checkCall({ items: [] }, { type: "kubernetes:core/v1:ConfigMapList" }), context)).failures[0]?.property,
            "kind",
        );
        assert.equal(
            (await check(checkCall({ metadata: { generateName: "x-" } }), context)).failures[0]?.property,
            "metadata.generateName",
        );
    });
});

describe("kubernetes: diff", () => {
    it("names every leaf that changed", () => {
        const before = {
            spec: { containers: [{ image: "a", env: [] }] },
            metadata: { labels: { "app.kubernetes.io/name": "x", old: "1" } },
        };
        const after = {
            spec: { containers: [{ image: "b", env: [] }], added: 1 },
            metadata: { labels: { "app.kubernetes.io/name": unknown } },
        };
        assert.deepEqual(
            differences(before, after)
                .map(({ path, kind }) => `${kind} ${pathText(path)}`)
                .sort(),
            [
                "add spec.added",
                "delete metadata.labels.old",
                'update metadata.labels["app.kubernetes.io/name"]',
                "update spec.containers[0].image",
            ],
        );
    });

    it("knows paths at, below and above a pattern", () => {
        assert.ok(covers("spec.selector", ["spec", "selector", "matchLabels", "a"]));
        assert.ok(covers("spec.containers.*.image", ["spec", "containers", 0, "image"]));
        assert.ok(covers("data", ["data"]));
        assert.ok(!covers("spec.selector", ["spec", "replicas"]));
    });

    it("replaces a ConfigMap for new content unless told otherwise, and always an immutable one", () => {
        const map = { apiVersion: "v1", kind: "ConfigMap" };
        const fixed = { enableConfigMapMutable: false, enableSecretMutable: false };
        assert.ok(replaceFields(map, fixed, false).includes("data"));
        assert.ok(!replaceFields(map, { ...fixed, enableConfigMapMutable: true }, false).includes("data"));
        assert.ok(replaceFields({ ...map, immutable: true }, { ...fixed, enableConfigMapMutable: true }, false).includes("data"));
        assert.ok(!replaceFields(map, fixed, true).includes("data"), "patches change anything");
    });
});

describe("kubernetes: state", () => {
    it("marks the data of Secrets and whatever came in as a secret, nothing else", () => {
        const live = { kind: "ConfigMap", data: { a: "x", b: "y" }, list: ["x", "z"] };
        const marked = withSecretsOf(live, { data: { a: new Secret("x"), b: "y" }, list: [new Secret("x"), "z"] });
        assert.deepEqual(marked, { kind: "ConfigMap", data: { a: new Secret("x"), b: "y" }, list: new Secret(["x", "z"]) });
        assert.deepEqual(withSecretsOf({ kind: "Secret", data: { p: "cA==" } }, {}), { kind: "Secret", data: new Secret({ p: "cA==" }) });
    });

    it("is read back as it was written", () => {
        const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "n" } };
        const live = { ...inputs, metadata: { name: "n", uid: "u" } };
        assert.deepEqual(fromState(toState(live, inputs, inputs, "me")), { live, inputs, fieldManager: "me" });
    });

    it("renames what languages cannot spell", () => {
        const schema = { spec: [{ "x-kubernetes-int-or-string": true }] };
        assert.deepEqual(forPrograms(schema), { spec: [{ x_kubernetes_int_or_string: true }] });
        assert.deepEqual(forServer(forPrograms(schema)), schema);
    });

    it("knows ids and kinds", () => {
        assert.equal(idOf({ metadata: { name: "n", namespace: "s" } }), "s/n");
        assert.deepEqual(parseId("n"), { namespace: "", name: "n" });
        assert.deepEqual(gvkOf("kubernetes:apps/v1:Deployment"), { apiVersion: "apps/v1", kind: "Deployment", patch: false });
        assert.deepEqual(gvkOf("kubernetes:core/v1:ConfigMapPatch"), { apiVersion: "v1", kind: "ConfigMap", patch: true });
    });
});

describe("kubernetes: refresh", () => {
    it("takes over what moved, and leaves another spelling of the same alone", () => {
        const inputs = { spec: { cpu: "1000m", size: 3, list: [{ a: "1000m" }] } };
        const before = { spec: { cpu: "1", size: 3, list: [{ a: "1", d: 1 }], defaulted: true } };
        assert.deepEqual(liveInputs(inputs, before, before), inputs);
        const now = { spec: { cpu: "1", size: 4, list: [{ a: "2", d: 1 }], defaulted: false } };
        assert.deepEqual(liveInputs(inputs, before, now), { spec: { cpu: "1000m", size: 4, list: [{ a: "2" }] } });
        assert.deepEqual(liveInputs({ a: 1, b: 2 }, { a: 1, b: 2 }, { a: 1 }), { a: 1 });
    });

    it("imports what a program could have written", () => {
        const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", mine: "1" };
        const live = { kind: "X", metadata: { name: "n", uid: "u", managedFields: [], annotations }, status: {} };
        assert.deepEqual(importedInputs(live), { kind: "X", metadata: { name: "n", annotations: { mine: "1" } } });
    });
});

/** An API server of answers by method and path. */
function server(answers: Record<string, [number, object]>): { api: Api; asked: string[] } {
    const asked: string[] = [];
    const resources = [
        { name: "configmaps", kind: "ConfigMap", namespaced: true },
        { name: "namespaces", kind: "Namespace", namespaced: false },
    ];
    const known: Record<string, [number, object]> = { "GET /api/v1": [200, { resources }], ...answers };
    const send = (method: string, path: string) => {
        const key = `${method} ${path.replace(/\?.*/, "")}`;
        asked.push(`${method} ${path}`);
        const [status, body] = known[key] ?? [404, { message: `${key} not found`, reason: "NotFound" }];
        return Promise.resolve({ status, text: JSON.stringify(body) });
    };
    return { api: new Api(send), asked };
}

describe("kubernetes: against an API server of answers", () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "s" }, data: { a: "1" } };
    const path = "/api/v1/namespaces/s/configmaps/m";
    const signal = new AbortController().signal;
    const wish = { fieldManager: "me", force: false, upsert: false, signal, report: () => undefined };

    it("creates by server-side apply, after it has looked", async () => {
        const { api, asked } = server({ [`PATCH ${path}`]: [201, map] });
        assert.deepEqual(await create(api, map, wish), map);
        assert.deepEqual(asked.slice(1), [`GET ${path}`, `PATCH ${path}?fieldManager=me&fieldValidation=Strict`]);
    });

    it("does not take over what exists, unless told to", async () => {
        const { api, asked } = server({ [`GET ${path}`]: [200, map], [`PATCH ${path}`]: [200, map] });
        await assert.rejects(create(api, map, wish), /ConfigMap s\/m already exists/);
        await create(api, map, { ...wish, force: true });
        assert.match(asked.at(-1)!, /force=true/);
    });

    const conflict = (manager: string): [number, object] => [
        409,
        {
            message: "Apply failed",
            reason: "Conflict",
            details: { causes: [{ reason: "FieldManagerConflict", field: ".data.a", message: `conflict with "${manager}" using v1` }] },
        },
    ];

    it("names the field and its manager in a conflict", async () => {
        const { api } = server({ [`PATCH ${path}`]: conflict("hpa") });
        await assert.rejects(apply(api, map, { fieldManager: "me", force: false, dryRun: false }), /\.data\.a: managed by hpa/);
    });

    it("takes over from the tools that people used before", async () => {
        const { api, asked } = server({ [`PATCH ${path}`]: conflict("kubectl-client-side-apply") });
        await assert.rejects(apply(api, map, { fieldManager: "me", force: false, dryRun: false }), ApiError);
        assert.match(asked.at(-1)!, /force=true/);
    });

    it("fails a preview only for what is wrong with the object itself", async () => {
        const outcome = async (status: number, message: string) => {
            const { api } = server({ "POST /api/v1/namespaces/s/configmaps": [status, { message }] });
            return previewCreate(api, map, "me");
        };
        for (const [status, message] of [
            [404, 'namespaces "s" not found'],
            [409, "already exists"],
            [403, 'serviceaccount "x" not found'],
            [400, "admission webhook does not support dry run"],
        ] as const) {
            assert.deepEqual(await outcome(status, message), { cannotTell: undefined }, message);
        }
        assert.deepEqual(await outcome(403, "exceeded quota"), { cannotTell: "exceeded quota" });
        await assert.rejects(outcome(422, "data: Invalid value"), /Invalid value/);
        await assert.rejects(outcome(400, 'strict decoding error: unknown field "date"'), /unknown field/);
        const { api } = server({});
        assert.deepEqual(await previewCreate(api, { ...map, data: { a: unknown } }, "me"), { cannotTell: undefined });
        assert.deepEqual(await previewCreate(api, { ...map, kind: "Widget" }, "me"), { cannotTell: undefined });
    });

    it("does not pretend to know in a preview what only a creation decides", async () => {
        const { api } = server({
            "POST /api/v1/namespaces/s/configmaps": [201, { ...map, metadata: { ...map.metadata, uid: "made-up" }, status: {} }],
        });
        const outcome = (await previewCreate(api, map, "me")) as { live: any };
        assert.equal(outcome.live.metadata.uid, unknown);
        assert.ok(!("status" in outcome.live));
    });

    it("learns from a refusal which fields can never change", async () => {
        const causes = [
            { field: "data", message: "Forbidden: field is immutable when `immutable` is set" },
            { field: "x", message: "Required value" },
        ];
        const { api } = server({ [`PATCH ${path}`]: [422, { message: "invalid", details: { causes } }] });
        assert.deepEqual(await immutableFields(api, map, "me"), ["data"]);
    });

    it("keeps its hands off ignored fields that somebody else manages, and keeps its own as they are", () => {
        const object = { spec: { replicas: 1, paused: false } };
        const entry = (manager: string, field: string) => ({ manager, fieldsV1: { "f:spec": { [`f:${field}`]: {} } } });
        const live = {
            spec: { replicas: 5, paused: true },
            metadata: { managedFields: [entry("hpa", "replicas"), entry("me", "paused")] },
        };
        assert.deepEqual(keepIgnored(object, live, ["spec.replicas", "spec.paused", "spec.absent"], "me"), { spec: { paused: true } });
    });
});

describe("kubernetes: pulumi.com/waitFor", () => {
    const object = { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }], items: [{ ok: "yes" }, { ok: "yes" }] } };
    const holds = (text: string) => customReady(text)({ object }).ready;

    for (const [text, expected] of [
        ["jsonpath={.status.phase}=Running", true],
        ["jsonpath={.status.phase}=Pending", false],
        ["jsonpath={.status.phase}", true],
        ["jsonpath={.status.none}", false],
        ["jsonpath={.status.items[*].ok}=yes", true],
        ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', true],
        ["condition=Ready", true],
        ["condition=Ready=False", false],
        ["condition=Missing", false],
        ['["condition=Ready", "jsonpath={.status.phase}=Pending"]', false],
    ] as const) {
        it(`${text} ${expected ? "holds" : "does not hold"}`, () => {
            assert.equal(holds(text), expected);
        });
    }

    it("refuses what is neither", () => {
        assert.throws(() => customReady("ready=please"), /begins with "jsonpath=" or "condition="/);
    });
});

describe("kubernetes: manifests", () => {
    it("are read as Kubernetes' tools read them", () => {
        const [object] = parseManifests('kind: X\nmode: 0644\nwhen: 2020-01-01\ntime: 12:30:00\nanswer: "yes"\n---\n# nothing\n---\n');
        assert.deepEqual(object, { kind: "X", mode: 420, when: "2020-01-01", time: "12:30:00", answer: "yes" });
        assert.throws(() => parseManifests("a: [1"), /not valid YAML/);
    });

    it("are taken out of lists and put into a namespace", async () => {
        const list =
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}, {apiVersion: core/v1, kind: ConfigMap, metadata: {name: b}}]";
        const objects = await normalized(parseManifests(list), "team", context.namespaced);
        assert.deepEqual(objects, [
            { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } },
            { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace: "team" } },
        ]);
        await assert.rejects(normalized([{ kind: "X" }], "team", context.namespaced), /needs apiVersion, kind and metadata\.name/);
    });

    it("wait for their namespace, their definition and what they name", () => {
        const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "s" } };
        const definition = {
            apiVersion: "apiextensions.k8s.io/v1",
            kind: "CustomResourceDefinition",
            metadata: { name: "d" },
            spec: { group: "x.io", names: { kind: "W" } },
        };
        const named = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "s" } };
        const widget = {
            apiVersion: "x.io/v1",
            kind: "W",
            metadata: { name: "w", namespace: "s", annotations: { "config.kubernetes.io/depends-on": "apps/namespaces/s/Deployment/web" } },
        };
        assert.deepEqual(prerequisites(widget, [widget, named, definition, namespace]), [named, definition, namespace]);
        assert.deepEqual(prerequisites(namespace, [widget, named, definition, namespace]), []);
    });

    it("select pods by labels and expressions", () => {
        const matchExpressions = [
            { key: "tier", operator: "In", values: ["a", "b"] },
            { key: "old", operator: "DoesNotExist", values: [] },
        ];
        assert.equal(selectorText({ matchLabels: { app: "x" }, matchExpressions }), "app=x,tier in (a,b),!old");
    });
});
