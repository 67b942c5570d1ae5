import type * as pulumi from "@pulumi/pulumi";

import {
    ObjectStore,
    SparkOperatorAddOn,
    SparkWorkspace,
    type ObjectStoreArgs,
    type SparkConnectArgs,
    type SparkRuntime,
} from "../../../components";
import { minioImage, sparkImage } from "../../../components/internal/images";
import { sparkOperator } from "../../../sandbox/versions.json";

/** What the programs of the long tests have in common: teams small enough to share a machine with others. */

export const registry = "spark-platform.local";

export interface Team {
    workspace: SparkWorkspace;
    namespace: pulumi.Output<string>;
    store: ObjectStore;
}

/** A team's namespace and its store. */
export function team(given: string, settings: Partial<ObjectStoreArgs> = {}): Team {
    const workspace = new SparkWorkspace("team", { namespace: given });
    const { namespace } = workspace;
    const store = new ObjectStore("team", { namespace, image: minioImage(registry), buckets: ["warehouse"], storage: "1g", ...settings });
    return { workspace, namespace, store };
}

/** A Connect server of the team, with one executor at most. */
export const smallConnect = ({ workspace, namespace, store }: Team, sparkVersion: string) =>
    ({
        namespace,
        sparkVersion,
        image: sparkImage(registry, sparkVersion),
        serviceAccount: workspace.serverAccount,
        executorServiceAccount: workspace.executorAccount,
        s3: store.connection,
        memory: "1g",
        cpuRequest: "100m",
        executor: { memory: "512m", cpuRequest: "100m", localStorage: "1g", maximum: 1 },
    }) satisfies SparkConnectArgs;

/** What the team's applications inherit. */
export const runtimeOf = ({ workspace, namespace, store }: Team, sparkVersion: string): SparkRuntime => ({
    namespace,
    sparkVersion,
    image: sparkImage(registry, sparkVersion),
    driverServiceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
    s3: store.connection,
    eventLog: store.eventLog,
});

/** The Spark operator from its chart's archive, for the jobs of one team. */
export const operatorOf = ({ workspace }: Team, given: string, archive: string): SparkOperatorAddOn =>
    new SparkOperatorAddOn(
        "spark",
        {
            namespace: `${given}-operator`,
            jobNamespaces: [given],
            image: `${registry}/spark-operator:${sparkOperator}`,
            memory: "1g",
            archive,
        },
        { dependsOn: workspace },
    );
