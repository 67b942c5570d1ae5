import assert from "node:assert/strict";

import fc from "fast-check";

import { clientLabelsOf, labelsOf, objectName, selectorOf } from "../../../components/internal/identity";

const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,70}[a-z0-9])?$/);
const identity = { application: "spark-connect", role: "server", instance: "main" };

describe("Names and labels", () => {
    it("are names that Kubernetes accepts, whatever the instance is called", () => {
        fc.assert(
            fc.property(name, fc.constantFrom(52, 63), (instance, limit) => {
                const made = objectName(instance, "connect-pods", limit);
                assert.match(made, /^[a-z]([-a-z0-9]*[a-z0-9])?$/);
                assert.ok(made.length <= limit);
            }),
        );
    });

    it("differ for two instances that begin alike, and for two roles of one", () => {
        const long = "a".repeat(63);
        const names = [`${long}b`, `${long}c`].flatMap((instance) => ["store", "history"].map((role) => objectName(instance, role)));
        assert.equal(new Set(names).size, 4);
    });

    it("select by what never changes", () => {
        assert.deepEqual(selectorOf(identity), {
            "app.kubernetes.io/name": "spark-connect",
            "app.kubernetes.io/component": "server",
            "app.kubernetes.io/instance": "main",
        });
        assert.deepEqual(labelsOf(identity, "4.1.0"), {
            ...selectorOf(identity),
            "app.kubernetes.io/part-of": "spark-platform",
            "app.kubernetes.io/managed-by": "pulumi",
            "app.kubernetes.io/version": "4.1.0",
        });
        assert.equal("app.kubernetes.io/version" in labelsOf(identity), false);
    });

    it("let clients in by a label of the Service's name", () => {
        assert.deepEqual(clientLabelsOf("spark-main-connect"), { "spark-platform/spark-main-connect-client": "true" });
        const [key = ""] = Object.keys(clientLabelsOf("a".repeat(63)));
        assert.ok(key.length <= "spark-platform/".length + 63);
    });
});
