import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";

import { environmentOf, invariants, openNamespaces, type Invariant } from "./invariants";

const policyOf = ({ name, description, in: environments, problems }: Invariant): ResourceValidationPolicy => ({
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: ({ type, name: resource, urn, props, opts }, report) => {
        const environment = environmentOf(urn);
        if (environments?.includes(environment) === false) {
            return;
        }
        const object = { type, name: resource, props: props as Record<string, unknown>, protect: opts.protect };
        for (const problem of problems(object, environment)) {
            report(problem);
        }
    },
});

const defaultDeny: StackValidationPolicy = {
    name: "default-deny",
    description: "In every namespace with pods a network policy closes what no other opens.",
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => {
        const objects = resources.map(({ type, name, props, opts }) => ({
            type,
            name,
            props: props as Record<string, unknown>,
            protect: opts.protect,
        }));
        for (const namespace of openNamespaces(objects)) {
            report(`the namespace ${namespace} has pods, and no network policy that denies everything to all of them`);
        }
    },
};

new PolicyPack("spark-platform", {
    policies: [...invariants.map(policyOf), defaultDeny],
});
