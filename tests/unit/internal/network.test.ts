import assert from "node:assert/strict";

import { toApiServer, toS3 } from "../../../components/internal/network";
import { apiServerAddress } from "../../../components/internal/values";

const rowOf = (addresses: string[]) => {
    const { to, ports } = toApiServer(addresses) as any;
    return { to: to.map(({ ipBlock }: any) => ipBlock.cidr), ports: ports.map(({ port }: any) => port) };
};

describe("The API server in a network policy", () => {
    it("listens on 443 or 6443 where no port is said", () => {
        assert.deepEqual(rowOf(["10.0.0.1/32", "10.0.0.2/32"]), { to: ["10.0.0.1/32", "10.0.0.2/32"], ports: [443, 6443] });
    });

    it("listens on the port that is said, and then on no other", () => {
        assert.deepEqual(rowOf(["10.0.0.1/32:16443", "fd00::1/128:16443"]), { to: ["10.0.0.1/32", "fd00::1/128"], ports: [16443] });
        assert.deepEqual(rowOf(["10.0.0.1/32:8443", "10.0.0.2/32"]).ports, [8443, 443, 6443]);
    });

    it("is refused with what an address looks like", () => {
        for (const right of ["10.0.0.1/32", "10.0.0.1/32:16443", "0.0.0.0/0", "fd00::1/128"]) {
            assert.equal(apiServerAddress(right), undefined, right);
        }
        for (const wrong of ["10.0.0.1", "10.0.0.1:6443", "10.0.0.1/32:0", "10.0.0.1/32:70000", "kubernetes", ""]) {
            assert.equal(
                apiServerAddress(wrong),
                `"${wrong}" is not a CIDR; write it like "10.0.0.1/32", or "10.0.0.1/32:16443" for a port that is neither 443 nor 6443`,
            );
        }
    });
});

describe("A store in a network policy", () => {
    const portsOf = (s3: Parameters<typeof toS3>[0]) => toS3(s3).map(({ ports }: any) => ports[0].port);
    const clusterEndpoint = { namespace: "a", podLabels: {}, clientLabels: {} };

    it("is asked at the port of its address, or of its pods where a Service maps one to the other", () => {
        assert.deepEqual(portsOf({ credentialsSecret: "s" }), [443]);
        assert.deepEqual(portsOf({ credentialsSecret: "s", endpoint: "http://store" }), [80]);
        assert.deepEqual(portsOf({ credentialsSecret: "s", endpoint: "http://store:9000", clusterEndpoint }), [9000]);
        assert.deepEqual(
            portsOf({ credentialsSecret: "s", endpoint: "http://store", clusterEndpoint: { ...clusterEndpoint, port: 9000 } }),
            [9000],
        );
    });
});
