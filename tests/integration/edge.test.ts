import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { PlatformIngress, type PlatformIngressArgs } from "../../components";
import { kubectl } from "../../sandbox/support/kubectl";
import { access, refusal } from "../support/platform";
import { record } from "../support/recorder";

const gatewayApi = "sigs.k8s.io/gateway-api@v1.6.1";
const kinds = ["gateways", "httproutes", "grpcroutes"];

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
    let definitions: string[] = [];

    before(async function () {
        const { stdout, exitCode } = await execa("go", ["mod", "download", "-json", gatewayApi], {
            reject: false,
            env: { GOFLAGS: "-mod=mod" },
        });
        if (exitCode !== 0) {
            console.log(`skipped: ${gatewayApi} cannot be downloaded`);
            this.skip();
        }
        const folder = join((JSON.parse(stdout) as { Dir: string }).Dir, "config/crd/standard");
        definitions = (await readdir(folder))
            .filter((name) => kinds.some((kind) => name.endsWith(`_${kind}.yaml`)))
            .map((name) => join(folder, name));
        assert.equal(definitions.length, kinds.length);
        await kubectl(access, ["apply", "--server-side", "--force-conflicts", ...definitions.flatMap((file) => ["-f", file])]);
        const names = kinds.map((kind) => `crd/${kind}.gateway.networking.k8s.io`);
        await kubectl(access, ["wait", "--for=condition=Established", "--timeout=30s", ...names]);
    });

    after(async () => {
        if (definitions.length > 0) {
            await kubectl(access, ["delete", "--ignore-not-found", ...definitions.flatMap((file) => ["-f", file])]);
        }
    });

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
