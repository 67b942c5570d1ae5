/** What the provider can be told (the same names as the official provider's, by argument or by environment). */
export interface Settings {
    kubeconfig: string | undefined;
    context: string | undefined;
    cluster: string | undefined;
    namespace: string | undefined;
    renderYamlToDirectory: string | undefined;
    alwaysRender: boolean;
    deleteUnreachable: boolean;
    skipUpdateUnreachable: boolean;
    enableConfigMapMutable: boolean;
    enableSecretMutable: boolean;
    enablePatchForce: boolean;
    upsertExistingObjects: boolean;
}

const flags = {
    deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
    skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
    enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
    upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
};

const prefix = "kubernetes:config:";

export function readSettings(variables: Record<string, string>, env: NodeJS.ProcessEnv = process.env): Settings {
    const text = (name: string): string | undefined => variables[prefix + name] || undefined;
    const flag = (name: keyof typeof flags): boolean => (variables[prefix + name] ?? env[flags[name]]) === "true";
    if ((variables[`${prefix}enableServerSideApply`] ?? env.PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY) === "false") {
        throw new Error(
            "the stand-in for the kubernetes plugin works by server-side apply only: remove enableServerSideApply, or install the official plugin",
        );
    }
    return {
        kubeconfig: text("kubeconfig"),
        context: text("context"),
        cluster: text("cluster"),
        namespace: text("namespace"),
        renderYamlToDirectory: text("renderYamlToDirectory"),
        alwaysRender: text("alwaysRender") === "true",
        deleteUnreachable: flag("deleteUnreachable"),
        skipUpdateUnreachable: flag("skipUpdateUnreachable"),
        enableConfigMapMutable: flag("enableConfigMapMutable"),
        enableSecretMutable: flag("enableSecretMutable"),
        enablePatchForce: flag("enablePatchForce"),
        upsertExistingObjects: flag("upsertExistingObjects"),
    };
}
