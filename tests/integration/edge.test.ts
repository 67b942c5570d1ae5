import assert from "node:assert/strict";

import { PlatformIngress, type PlatformIngressArgs } from "../../components";
import { gatewayApi, teach } from "../support/definitions";
import { refusal } from "../support/platform";
import { record } from "../support/recorder";

const routes = {
    history: { host: "history.example.org", url: "http://h-history.default.svc:18080" },
    connect: {
        host: "connect.example.org",
        url: "sc://c-connect.default.svc:15002",
        grpc: true,
        annotations: { "example.org/protocol": "grpc" },
    },
};
const ways: Record<string, PlatformIngressArgs> = {
    "an ingress class": { namespace: "default", routes, ingressClass: "web", tls: { issuer: "letsencrypt" } },
    "a gateway of its own": { namespace: "default", routes, gatewayClass: "edge", tls: { issuer: "letsencrypt" } },
    "a gateway of its own without TLS": { namespace: "default", routes, gatewayClass: "edge", tls: { terminatedElsewhere: true } },
    "somebody's gateway": { namespace: "default", routes, gateway: { name: "shared", namespace: "edge", listener: "https" } },
};

/** The definitions of the Gateway API, from its Go module: the API server then judges our objects by them. */
describe("the way into the platform", function () {
    let forget: (() => Promise<void>) | undefined;

    before(async function () {
        forget = await teach(gatewayApi);
        if (forget === undefined) {
            this.skip();
        }
    });

    after(() => forget?.());

    for (const [way, args] of Object.entries(ways)) {
        it(`is what the API server accepts, by ${way}`, async () => {
            const made = await record((opts) => new PlatformIngress("e", args, opts));
            for (const { name, type, inputs } of made) {
                const [, apiVersion, kind] = /^kubernetes:(.*):(\w+)$/.exec(type)!;
                assert.equal(await refusal({ apiVersion, kind, ...inputs }), undefined, name);
            }
        });
    }

    it("is refused where an object is wrong, so the definitions do judge", async () => {
        const route = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata: { name: "r", namespace: "default" } };
        assert.match((await refusal({ ...route, spec: { hostnames: ["Not a host"] } })) ?? "", /hostnames/);
    });
});
