import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { PlatformIngress, type PlatformIngressArgs } from "../../../components";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { record, type Registered } from "../../support/recorder";
import * as changes from "../../support/tool-changes";

const history = { host: "history.example.org", url: "http://h-history.team-a.svc:18080" };
const connect = { host: "connect.example.org", url: "sc://c-connect.team-a.svc:15002", grpc: true };
const common = { namespace: "team-a", routes: { history, connect } };
const byGateway: PlatformIngressArgs = { ...common, gatewayClass: "edge", tls: { issuer: "letsencrypt" } };
const annotations = { "controller.example.org/protocol": "grpc" };
const byIngress: PlatformIngressArgs = {
    namespace: "team-a",
    routes: { history, connect: { ...connect, annotations } },
    ingressClass: "web",
    tls: { secret: "wildcard" },
};

const edge = (args: PlatformIngressArgs) => record((opts) => new PlatformIngress("e", args, opts));
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const names = (made: Registered[]) => made.map(({ type, name }) => `${name} ${type}`);

async function urlsOf(args: PlatformIngressArgs): Promise<Record<string, string>> {
    let ingress!: PlatformIngress;
    await record((opts) => (ingress = new PlatformIngress("e", args, opts)));
    return new Promise((resolve) => ingress.urls.apply(resolve));
}

describe("PlatformIngress", () => {
    it("makes an Ingress a route, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new PlatformIngress("e", byIngress, opts), { preview });
            assert.deepEqual(names(made), [
                "e-connect-ingress kubernetes:networking.k8s.io/v1:Ingress",
                "e-history-ingress kubernetes:networking.k8s.io/v1:Ingress",
            ]);
        }
    });

    it("makes a Gateway, its routes and the way from http to https", async () => {
        assert.deepEqual(names(await edge(byGateway)), [
            "e-connect-route kubernetes:gateway.networking.k8s.io/v1:GRPCRoute",
            "e-gateway kubernetes:gateway.networking.k8s.io/v1:Gateway",
            "e-history-route kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
            "e-redirect kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
        ]);
        const attached = await edge({ ...common, gateway: { name: "shared", namespace: "edge" } });
        assert.deepEqual(names(attached), [
            "e-connect-route kubernetes:gateway.networking.k8s.io/v1:GRPCRoute",
            "e-history-route kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
        ]);
        assert.deepEqual(find(attached, "e-history-route").spec.parentRefs, [{ name: "shared", namespace: "edge" }]);
    });

    it("leads a host to its Service", async () => {
        assert.deepEqual(find(await edge(byIngress), "e-history-ingress").spec, {
            ingressClassName: "web",
            rules: [
                {
                    host: "history.example.org",
                    http: {
                        paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "h-history", port: { number: 18080 } } } }],
                    },
                },
            ],
            tls: [{ hosts: ["history.example.org"], secretName: "wildcard" }],
        });
        assert.deepEqual(find(await edge(byGateway), "e-connect-route").spec, {
            parentRefs: [{ name: "e-gateway", sectionName: "https-connect" }],
            hostnames: ["connect.example.org"],
            rules: [{ backendRefs: [{ name: "c-connect", port: 15002 }] }],
        });
    });

    it("asks cert-manager for a certificate a host, on the object that carries TLS", async () => {
        const gateway = find(await edge(byGateway), "e-gateway");
        assert.deepEqual(gateway.metadata.annotations, { "cert-manager.io/cluster-issuer": "letsencrypt" });
        assert.deepEqual(
            gateway.spec.listeners.map(({ name, hostname, port, tls }: any) => [name, hostname, port, tls?.certificateRefs[0].name]),
            [
                ["http", undefined, 80, undefined],
                ["https-history", "history.example.org", 443, "e-history-tls"],
                ["https-connect", "connect.example.org", 443, "e-connect-tls"],
            ],
        );
        const made = await edge({ ...byIngress, tls: { issuer: "ours", issuerKind: "Issuer" } });
        const { metadata, spec } = find(made, "e-connect-ingress");
        assert.deepEqual(metadata.annotations, { "cert-manager.io/issuer": "ours", ...annotations });
        assert.deepEqual(spec.tls, [{ hosts: ["connect.example.org"], secretName: "e-connect-tls" }]);
    });

    it("says what to call from outside", async () => {
        assert.deepEqual(await urlsOf(byGateway), {
            history: "https://history.example.org",
            connect: "sc://connect.example.org:443/;use_ssl=true",
        });
        const plain = { ...byGateway, tls: { terminatedElsewhere: true } };
        assert.deepEqual(await urlsOf(plain), { history: "http://history.example.org", connect: "sc://connect.example.org:80" });
        assert.deepEqual(names(await edge(plain)).length, 3, "no redirect to a listener that is not there");
    });

    it("names every wrong field at once, before anything is made", () => {
        const label = 'is not a DNS label; use lower-case letters, digits and "-", starting with a letter';
        const wrong: PlatformIngressArgs = {
            namespace: "Team",
            ingressClass: "A",
            gatewayClass: "B",
            tls: { secret: "", issuer: "", issuerKind: "Authority" },
            routes: {
                "Up per": { host: "localhost", url: "http://outside.example.org:80" },
                grpc: { host: "a.example.org", url: "http://c.Team.svc:15002", grpc: true },
            },
        };
        assert.throws(() => new PlatformIngress("E", wrong), {
            message: [
                'PlatformIngress "E" cannot be deployed as configured:',
                `  name: "E" ${label}`,
                "  ingressClass: found ingressClass and gatewayClass; give one of ingressClass, gatewayClass, gateway",
                "  tls: has 2 of secret, issuer and terminatedElsewhere; give exactly one",
                `  namespace: "Team" ${label}`,
                `  ingressClass: "A" ${label}`,
                `  gatewayClass: "B" ${label}`,
                "  tls.secret: is missing",
                "  tls.issuer: is missing",
                '  tls.issuerKind: "Authority" is not a kind of issuer; write "Issuer" or "ClusterIssuer"',
                `  routes["Up per"]: "Up per" ${label}`,
                '  routes["Up per"].url: "http://outside.example.org:80" is not the URL of a Service; write it like "http://history.team-a.svc:18080" or "sc://connect.team-a.svc:15002"',
                '  routes["Up per"].host: "localhost" is not a host name; write it like "spark.example.org"',
                '  routes["grpc"].url: "http://c.Team.svc:15002" is not the URL of a Service; write it like "http://history.team-a.svc:18080" or "sc://connect.team-a.svc:15002"',
                '  routes["grpc"].annotations: is missing: an Ingress has no word for gRPC; write what your controller wants to know, or use a gateway',
            ].join("\n"),
        });
        const elsewhere = { history: { ...history, url: "http://h.team-b.svc:18080" }, connect: { ...connect, grpc: false } };
        const gateway = { name: "", namespace: "Edge", listener: "L" };
        assert.throws(() => new PlatformIngress("e", { ...byGateway, gatewayClass: undefined, gateway, routes: elsewhere }), {
            message: [
                'PlatformIngress "e" cannot be deployed as configured:',
                "  tls: is given together with gateway, whose listeners decide about TLS; leave it out",
                "  gateway.name: is missing",
                `  gateway.namespace: "Edge" ${label}`,
                `  gateway.listener: "L" ${label}`,
                '  routes["history"].url: leads to the namespace "team-b"; routes lead to Services of their own, which is "team-a"',
                '  routes["connect"].url: "sc://c-connect.team-a.svc:15002" is a gRPC server; set grpc to true',
            ].join("\n"),
        });
        assert.throws(() => new PlatformIngress("e", { namespace: "team-a", routes: {} }), {
            message: [
                'PlatformIngress "e" cannot be deployed as configured:',
                "  ingressClass: found none; give one of ingressClass, gatewayClass, gateway",
                "  tls: has 0 of secret, issuer and terminatedElsewhere; give exactly one",
                "  routes: is empty; give at least one",
            ].join("\n"),
        });
    });

    it("has no argument without effect", async () => {
        const make = (given: PlatformIngressArgs, opts: pulumi.ComponentResourceOptions) => new PlatformIngress("e", given, opts);
        const special = { gatewayClass: "other", "routes.*.grpc": true };
        assertEveryField("PlatformIngress", changes.ingress, changes.ingressTls, changes.ingressGateway, special);
        const elsewhere = { host: "h.example.org", url: "http://h.team-b.svc:18080" };
        const { namespace, ...stays } = changes.ingress;
        await assertEveryFieldMatters(make, byIngress, stays);
        assert.notDeepEqual(
            await edge({ ...byIngress, routes: { history } }),
            await edge({ ...byIngress, namespace: String(namespace), routes: { history: elsewhere } }),
        );
        await assertEveryFieldMatters(make, byIngress, { "tls.secret": "other", tls: { terminatedElsewhere: true } });
        await assertEveryFieldMatters(make, byGateway, { "tls.issuer": "other", "tls.issuerKind": "Issuer", gatewayClass: "other" });
        await assertEveryFieldMatters(make, { ...common, gateway: { name: "shared" } }, changes.ingressGateway);
        const asGrpc = { ...byGateway, routes: { history: { ...connect, grpc: true } } };
        assert.match(names(await edge(asGrpc)).join(), /e-history-route \S+:GRPCRoute/);
    });
});
