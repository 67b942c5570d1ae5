import * as pulumi from "@pulumi/pulumi";

import type { PlatformIngress } from "../../edge/platform-ingress";
import type { PlatformSecrets } from "../../secrets";
import type { SparkClassic } from "../../spark/classic";
import type { SparkConnect } from "../../spark/connect";
import type { SparkHistoryServer } from "../../spark/history-server";
import type { SparkHistoryPortal } from "../../spark/history-portal";
import type { SparkStandalone } from "../../spark/standalone";
import type { Airflow } from "../../tools/airflow";
import type { MLflow } from "../../tools/mlflow";
import type { JupyterHub } from "../../tools/jupyter-hub";
import type { JupyterLab } from "../../tools/jupyter-lab";
import type { Storage } from "./storage";

/** Bricks of one kind, under the names that the user gave them. */
export type Named<Brick> = (readonly [name: string, brick: Brick])[];

/** The brick that another one names; the platform has checked that there is one. */
export const brickOf = <Brick>(bricks: Named<Brick>, name: string | undefined) => bricks.find(([key]) => key === name)?.[1];

/** What a platform has made. */
export interface Made {
    storage: Storage;
    secrets?: PlatformSecrets;
    history?: SparkHistoryServer;
    portal?: SparkHistoryPortal;
    clusters: Named<SparkStandalone>;
    sessions: Named<SparkClassic>;
    servers: Named<SparkConnect>;
    labs: Named<JupyterLab>;
    hub?: JupyterHub;
    mlflow?: MLflow;
    airflow?: Airflow;
}

export function outputs(made: Made, edge: PlatformIngress | undefined) {
    const { history, clusters, sessions, servers, secrets } = made;
    const { s3, warehouse } = made.storage;
    const uploads = pulumi.all(servers.map(([, server]) => server.eventLogUploadSeconds));
    return {
        connectUrls: byName(servers, ({ url }) => url),
        connectClientLabels: byName(servers, ({ clientLabels }) => clientLabels),
        standaloneConnections: byName(clusters, ({ connection }) => connection),
        classicConnections: byName(sessions, ({ connection }) => connection),
        standaloneUiUrls: byName(clusters, ({ uiUrl }) => uiUrl),
        executorIdleSeconds: byName(servers, ({ executorIdleSeconds }) => executorIdleSeconds),
        historyServerUrl: orEmpty(history, ({ url }) => url),
        // An event waits for the next upload, and the uploaded file for the next look.
        historyLatenessSeconds: history
            ? pulumi.all([history.updateSeconds, uploads]).apply(([update, every]) => update + Math.max(0, ...every))
            : pulumi.output(0),
        ...ofTools(made),
        s3Endpoint: pulumi.output(s3).apply(({ endpoint }) => endpoint ?? ""),
        secretNames: secrets ? secrets.names : pulumi.output<Record<string, string>>({}),
        publicUrls: edge ? edge.urls : pulumi.output<Record<string, string>>({}),
        warehouse: warehouse ?? pulumi.output(""),
    };
}

const ofTools = ({ labs, hub, mlflow, airflow }: Made) => ({
    jupyterLabUrls: byName(labs, ({ url }) => url),
    jupyterLabTokenSecrets: byName(labs, ({ tokenSecret }) => tokenSecret),
    jupyterHubUrl: orEmpty(hub, ({ url }) => url),
    jupyterHubPasswordsSecret: orEmpty(hub, ({ passwordsSecret }) => passwordsSecret),
    mlflowUrl: orEmpty(mlflow, ({ url }) => url),
    airflowUrl: orEmpty(airflow, ({ url }) => url),
    airflowAdminSecret: orEmpty(airflow, ({ adminSecret }) => adminSecret),
});

/** What a brick says; nothing where there is none. */
const orEmpty = <Brick>(brick: Brick | undefined, output: (brick: Brick) => pulumi.Output<string>) =>
    brick ? output(brick) : pulumi.output("");

const byName = <Brick, T>(bricks: Named<Brick>, output: (brick: Brick) => pulumi.Output<T>) =>
    pulumi.output(Object.fromEntries(bricks.map(([name, brick]) => [name, output(brick)]))) as pulumi.Output<Record<string, T>>;
