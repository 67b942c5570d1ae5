import * as pulumi from "@pulumi/pulumi";

/** Add-ons that bring kinds of their own to a cluster (see components/addons). */
export const AddOn = {
    ExternalSecrets: "External Secrets",
    SealedSecrets: "Sealed Secrets",
} as const;

/** What a cluster says about a kind that it does not know: kubectl, the provider and the API server each in their own words. */
const unknownKind =
    /no matches for kind|could not find the requested resource|not found in the cluster|doesn't have a resource type|unknown kind/i;

/** What a person should hear when a kind is missing. */
export function missingKind(kind: string, addOn: string, errors: string[]): string | undefined {
    return errors.some((error) => unknownKind.test(error))
        ? `the cluster does not know the kind ${kind}: it comes with the add-on ${addOn}, which is deployed once a cluster (stacks/cluster-addons)`
        : undefined;
}

/** Options of a custom resource: when its kind is missing, the error is followed by what brings it. */
export function needsAddOn(name: string, kind: string, addOn: string): pulumi.CustomResourceOptions {
    if (!engineHasErrorHooks()) {
        return {};
    }
    const hook = new pulumi.ErrorHook(`${name}-${kind}-add-on`, ({ errors }) => {
        const said = missingKind(kind, addOn, errors);
        if (said !== undefined) {
            void pulumi.log.error(said);
        }
        return false;
    });
    return { hooks: { onError: [hook] } };
}

/** Pulumi's mocks, which people test their programs with, say that they have error hooks and have none. */
const engineHasErrorHooks = (): boolean => "registerErrorHook" in (pulumi.runtime.getMonitor() ?? {});
