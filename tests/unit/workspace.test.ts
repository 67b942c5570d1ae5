import assert from "node:assert/strict";

import { SparkWorkspace } from "../../components";
import * as changes from "../support/changes";
import { assertEveryField, assertEveryFieldMatters } from "../support/fields";
import { record, type Registered } from "../support/recorder";

const args = { namespace: "team-a" };
const workspace = (more = {}) => record((opts) => new SparkWorkspace("w", { ...args, ...more }, opts));
const find = (made: Registered[], name: string) => made.find((resource) => resource.name === name)!.inputs;

describe("SparkWorkspace", () => {
    it("makes a namespace, its closed doors and its accounts, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new SparkWorkspace("w", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "w-default-deny kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "w-dns kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "w-executor-account kubernetes:core/v1:ServiceAccount",
                    "w-namespace kubernetes:core/v1:Namespace",
                    "w-server-account kubernetes:core/v1:ServiceAccount",
                    "w-server-binding kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
                    "w-server-role kubernetes:rbac.authorization.k8s.io/v1:Role",
                ],
            );
        }
    });

    it("makes a quota only when asked", async () => {
        const made = await workspace({ quota: { cpu: "8", memory: "32g", pods: 20 } });
        assert.deepEqual(find(made, "w-quota").spec.hard, { "requests.cpu": "8", "limits.memory": "32768Mi", pods: "20" });
    });

    it("enforces the restricted security standard", async () => {
        const { labels } = find(await workspace(), "w-namespace").metadata;
        for (const mode of ["enforce", "audit", "warn"]) {
            assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted");
        }
    });

    it("denies everything in both directions, names excepted", async () => {
        const made = await workspace();
        assert.deepEqual(find(made, "w-default-deny").spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
        const { egress } = find(made, "w-dns").spec;
        assert.deepEqual(
            egress[0].ports.map(({ protocol, port }: any) => `${protocol} ${port}`),
            ["UDP 53", "TCP 53", "UDP 5353", "TCP 5353"],
        );
    });

    it("finds names on the kinds of clusters that it knows, and on others when told where", async () => {
        const peers = async (more: object) =>
            find(await workspace(more), "w-dns").spec.egress[0].to.map(
                ({ ipBlock, namespaceSelector }: any) => ipBlock?.cidr ?? Object.values<string>(namespaceSelector.matchLabels).join(),
            );
        const known = ["kube-system", "openshift-dns", "169.254.20.10/32", "169.254.169.254/32"];
        assert.deepEqual(await peers({}), known);
        assert.deepEqual(await peers({ dnsServers: ["192.0.2.53/32"] }), [...known, "192.0.2.53/32"]);
    });

    it("lets servers manage pods and config maps, and nobody anything else", async () => {
        const made = await workspace();
        const { rules } = find(made, "w-server-role");
        assert.deepEqual(
            rules.map(({ resources, verbs }: any) => `${resources}: ${verbs.join(" ")}`),
            ["pods: create get list watch delete deletecollection", "configmaps: create list deletecollection"],
        );
        assert.deepEqual(
            find(made, "w-server-binding").subjects.map(({ name }: any) => name),
            ["w-server"],
        );
        for (const account of ["w-server-account", "w-executor-account"]) {
            assert.equal(find(made, account).automountServiceAccountToken, false);
        }
    });

    it("names every wrong field", () => {
        assert.throws(
            () => new SparkWorkspace("w", { namespace: "Team", dnsServers: ["dns"], quota: { cpu: "many", memory: "4Gi", pods: 0 } }),
            {
                message: [
                    'SparkWorkspace "w" cannot be deployed as configured:',
                    '  namespace: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                    '  dnsServers: "dns" is not a CIDR; write it like "10.0.0.1/32"',
                    '  quota.cpu: "many" is not a CPU quantity; write it like "500m" or "2"',
                    '  quota.memory: "4Gi" is not a size of at least 1g; write it like "1500m" or "4g"',
                    "  quota.pods: 0 is not a whole number from 1",
                ].join("\n"),
            },
        );
    });

    it("has no argument without effect", async () => {
        assertEveryField("SparkWorkspace", changes.workspace);
        await assertEveryFieldMatters((given, opts) => new SparkWorkspace("w", given, opts), args, changes.workspace);
    });
});
