import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { selectorOf } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { renderSparkProperties, withOwn } from "../../internal/spark-properties";
import { sparkLine } from "../../internal/spark-versions";
import { seconds } from "../../internal/values";
import { storeClientLabels } from "../../storage/s3a";
import { sparkUser, workDirectory } from "../spark-image";
import type { Cluster } from "./args";
import { authenticationPlaceholder, shuffleServicePort } from "./client";
import { localFolder, workerCommand, workerConf, workerMiB, workerPort, workerUiPort, workFolder } from "./conf";
import { accountOf, daemonEnvironment, ofWorkers, settingsOf, settingsVolume, spread, withKeys, workerLabels, type Given } from "./daemons";
import { workerIdentity, workerNamesService, workersName } from "./identity";
import { workerPolicy } from "./network";

export function settings(cluster: Cluster): k8s.core.v1.ConfigMapArgs {
    const conf = cluster.known.apply((known) => renderSparkProperties(withOwn(workerConf(known), known.sparkConf)));
    return settingsOf(cluster, workerLabels(cluster), conf);
}

/** A StatefulSet's governing Service can never be changed later. */
export function names(cluster: Cluster): k8s.core.v1.ServiceArgs {
    return {
        metadata: ofWorkers(cluster, workerNamesService(cluster)),
        spec: {
            selector: selectorOf(workerIdentity(cluster)),
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [{ name: "spark", port: workerPort, targetPort: "spark" }],
        },
    };
}

/** Executors run the users' code, so their account has neither rights nor a token. */
export function account(cluster: Cluster): k8s.core.v1.ServiceAccountArgs {
    return accountOf(ofWorkers(cluster, workersName(cluster)), cluster.workerAccountAnnotations);
}

export function network(cluster: Cluster): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: ofWorkers(cluster, workersName(cluster)), spec: cluster.known.apply(workerPolicy) };
}

/** One at a time, so that the results of the one that goes have somewhere to go. */
export function budget(cluster: Cluster): k8s.policy.v1.PodDisruptionBudgetArgs {
    return {
        metadata: ofWorkers(cluster, workersName(cluster)),
        spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(workerIdentity(cluster)) } },
    };
}

/** Named pods rather than a Deployment's: an update then replaces one worker after the other, each when its forerunner is there again. */
export function statefulSet(cluster: Cluster, given: Given): k8s.apps.v1.StatefulSetArgs {
    const labels = pulumi.all([workerLabels(cluster), cluster.s3]).apply(([own, s3]) => ({ ...storeClientLabels(s3), ...own }));
    return {
        metadata: ofWorkers(cluster, workersName(cluster)),
        spec: {
            serviceName: workerNamesService(cluster),
            // Left to the scaler where there is one: the next update would undo its work.
            ...(!cluster.worker.autoscaling && { replicas: cluster.worker.replicas }),
            podManagementPolicy: "Parallel",
            selector: { matchLabels: selectorOf(workerIdentity(cluster)) },
            template: {
                metadata: podMetadata(labels, cluster.worker.pod),
                spec: {
                    ...restrictedPod(
                        {
                            user: sparkUser,
                            serviceAccountName: workersName(cluster),
                            terminationGracePeriodSeconds: pulumi.output(cluster.worker.leaveTimeout).apply((time) => seconds(time) + 20),
                            volumes: [settingsVolume(given.settings)],
                            containers: [worker(cluster, given.secret)],
                        },
                        cluster.worker.pod,
                    ),
                    ...spread(workerIdentity(cluster)),
                },
            },
        },
    };
}

/** Answers when the worker has found its master; later losses are the worker's own affair. */
const registered = [
    "bash",
    "-c",
    `exec 3<>/dev/tcp/127.0.0.1/${workerUiPort} && printf 'GET /json/ HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '"masterurl" *: *"spark:' <&3`,
];

function worker(cluster: Cluster, secret: pulumi.Input<string>): PlainContainer {
    const sizes = cluster.known.apply(({ worker }) => worker);
    const memory = sizes.apply((known) => `${workerMiB(known)}Mi`);
    const disk = sizes.apply(({ localStorage }) => quantity(localStorage));
    const leave = sizes.apply(({ leaveTimeout }) => String(seconds(leaveTimeout)));
    return {
        name: "worker",
        image: cluster.image,
        args: ["/bin/sh", "-c", cluster.known.apply(workerCommand)],
        workingDir: workDirectory,
        env: withKeys(
            pulumi
                .all([cluster.restSubmission, cluster.sparkVersion])
                .apply(([rest, version]) => [
                    ...daemonEnvironment(cluster, cluster.worker.daemonMemory, secret),
                    { name: "SPARK_LOCAL_DIRS", value: localFolder },
                    ...(rest ? [submittedDrivers(version)] : []),
                ]),
            cluster.s3,
        ),
        ports: [
            { name: "spark", containerPort: workerPort },
            { name: "ui", containerPort: workerUiPort },
            { name: "shuffle", containerPort: shuffleServicePort },
        ],
        resources: {
            requests: { cpu: sizes.apply(({ cpuRequest, cores }) => cpuRequest ?? String(cores)), memory, "ephemeral-storage": disk },
            limits: { memory },
        },
        startupProbe: { exec: { command: registered }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 180 },
        readinessProbe: { httpGet: { path: "/json/", port: "ui" }, periodSeconds: 5, timeoutSeconds: 5 },
        // Slow to judge: with a worker all of its executors and their results go.
        livenessProbe: { tcpSocket: { port: "spark" }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
        lifecycle: {
            preStop: {
                exec: {
                    command: leave.apply((time) => [
                        "python3",
                        "/opt/spark/leave-cluster.py",
                        "--port",
                        String(workerUiPort),
                        "--seconds",
                        time,
                    ]),
                },
            },
        },
        volumeMounts: [{ name: "settings", mountPath: "/opt/spark/conf", readOnly: true }],
        writable: { "/tmp": "1Gi", [workDirectory]: "64Mi", [workFolder]: disk, [localFolder]: disk },
    };
}

/**
 * The worker takes the secret out of what a driver that it starts is told, which then misses the setting that stands for it. Java
 * reads this variable by itself, so it reaches the drivers whatever the worker does.
 */
const submittedDrivers = (sparkVersion: string) => ({
    name: "JAVA_TOOL_OPTIONS",
    value: [
        "-Dspark.authenticate=true",
        `-Dspark.authenticate.secret=${authenticationPlaceholder}`,
        ...(sparkLine(sparkVersion).openedForSubmittedDrivers ?? []).map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    ].join(" "),
});
