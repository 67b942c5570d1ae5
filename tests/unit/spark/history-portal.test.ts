import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { SparkHistoryPortal, type SparkHistoryPortalArgs } from "../../../components";
import { entryPage, nginxConf } from "../../../components/spark/history-portal/conf";
import * as changes from "../../support/changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";

const args: SparkHistoryPortalArgs = {
    namespace: "platform",
    image: "registry.example/nginx:1",
    servers: {
        "team-a": { url: "http://a-history.team-a.svc:18080", clientLabels: { "spark-platform/a-history-client": "true" } },
        old: { url: "http://b-history.platform.svc:18080", clientLabels: { "spark-platform/b-history-client": "true" } },
    },
};
const portal = (more = {}) => record((opts) => new SparkHistoryPortal("p", { ...args, ...more }, opts));
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;

describe("SparkHistoryPortal", () => {
    it("makes its settings, a service, its network and the proxies, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new SparkHistoryPortal("p", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "p-address kubernetes:core/v1:Service",
                    "p-client-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "p-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "p-proxies kubernetes:apps/v1:Deployment",
                    "p-settings kubernetes:core/v1:ConfigMap",
                ],
            );
        }
    });

    it("shows every server under its name, and tells it so", () => {
        const text = nginxConf({ "team-a": { url: "http://a-history.team-a.svc:18080/" } });
        for (const line of [
            "location /team-a/ {",
            "proxy_pass http://a-history.team-a.svc:18080/;",
            "proxy_set_header X-Forwarded-Context /team-a;",
            "proxy_redirect ~^(?:https?://[^/]+)?/(?:team-a/)?(.*)$ /team-a/$1;",
            "location / { return 404; }",
        ]) {
            assert.ok(text.includes(line), line);
        }
        assert.match(entryPage(["b", "a"]), /<li><a href="a\/">a<\/a><\/li>\n<li><a href="b\/">b<\/a><\/li>/);
    });

    it("may go to its servers and nowhere else", async () => {
        const made = await portal();
        const { egress } = find(made, "p-network").spec;
        assert.deepEqual(
            egress.map(({ to, ports }: any) => [Object.values(to[0].namespaceSelector.matchLabels).join(), ports[0].port]),
            [
                ["team-a", 18080],
                ["platform", 18080],
                ["kube-system", 53],
            ],
        );
        const { labels } = find(made, "p-proxies").spec.template.metadata;
        assert.equal(labels["spark-platform/a-history-client"], "true");
        assert.equal(labels["spark-platform/b-history-client"], "true");
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const [spec] = Object.values(podsOf(await portal({ pod: { userIdFromNamespace } })));
            assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
        }
    });

    it("answers where it is, and what lets a pod in", async () => {
        let made!: SparkHistoryPortal;
        await record((opts) => (made = new SparkHistoryPortal("p", args, opts)));
        const all = pulumi.output({ url: made.url, clientLabels: made.clientLabels });
        assert.deepEqual(await new Promise((resolve) => all.apply(resolve)), {
            url: "http://p-history-portal.platform.svc:18080",
            clientLabels: { "spark-platform/p-history-portal-client": "true" },
        });
    });

    it("names every wrong field at once, before anything is made", () => {
        const servers = { history: { url: "http://a:1" }, "Team A": { url: "a:18080" } };
        const wrong = { namespace: "", image: "", servers, replicas: 0, clientNamespaces: ["B"] };
        assert.throws(() => new SparkHistoryPortal("P", wrong), {
            message: [
                'SparkHistoryPortal "P" cannot be deployed as configured:',
                '  name: "P" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  namespace: is missing",
                "  image: is missing",
                '  servers: "history": is a word of Spark\'s own addresses; take another; "Team A": "Team A" is not a DNS label; use lower-case letters, digits and "-", starting with a letter; "Team A": url "a:18080" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                "  replicas: 0 is not a whole number from 1",
                '  clientNamespaces: "B" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
            ].join("\n"),
        });
        assert.throws(() => new SparkHistoryPortal("p", { ...args, servers: {} }), /servers: is empty; give at least one/);
    });

    it("has no argument without effect", async () => {
        assertEveryField("SparkHistoryPortal", changes.historyPortal);
        await assertEveryFieldMatters((given, opts) => new SparkHistoryPortal("p", given, opts), args, changes.historyPortal);
    });
});
