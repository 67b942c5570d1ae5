import type { SparkStandaloneRecovery } from "../../components";
import { repeatedTasks, StandaloneCluster } from "../../tests/support/standalone";
import { startZooKeeper, zooKeeper } from "../../tests/support/zookeeper";
import { prepare } from "../up/prepare";
import { chosenVersions, isBroken, print, type Figure } from "./measure";

const namespace = "spark-bench-standalone";
const workers = 2;

/** Each recovery, and how long a failover with it may take. */
const recoveries: { recovery: SparkStandaloneRecovery; seconds: number; meanwhile?: typeof startZooKeeper }[] = [
    { recovery: { mode: "s3", directory: "s3a://spark-state/recovery" }, seconds: 20 },
    { recovery: { mode: "filesystem", storage: "64m" }, seconds: 60 },
    { recovery: { mode: "zookeeper", ...zooKeeper(namespace) }, seconds: 60, meanwhile: startZooKeeper },
];

/**
 * Measures clusters of their own, one for each line of Spark and each recovery. Exits 1 when a promise is broken.
 *
 * The environment variable SPARK names one version of the two.
 */
export async function benchStandalone(): Promise<void> {
    const lines = chosenVersions();
    const { release } = await prepare({ images: ["minio", ...lines.map((version) => `spark:${version}`)] });
    const figures: Figure[] = [];
    try {
        for (const version of lines) {
            for (const { recovery, seconds, meanwhile } of recoveries) {
                const found = await ofCluster(new StandaloneCluster(namespace, version), recovery, { seconds, meanwhile });
                found.forEach(print);
                figures.push(...found);
            }
        }
    } finally {
        await release();
    }
    process.exitCode = figures.some(isBroken) ? 1 : 0;
}

async function ofCluster(
    cluster: StandaloneCluster,
    recovery: SparkStandaloneRecovery,
    { seconds, meanwhile }: { seconds: number; meanwhile?: typeof startZooKeeper },
): Promise<Figure[]> {
    const of = `recovery ${recovery.mode}, Spark ${cluster.sparkVersion}`;
    await cluster.init();
    try {
        await cluster.up({ recovery, worker: { replicas: workers } }, meanwhile && (() => meanwhile(cluster)));
        await cluster.leader({ workers });
        const start = {
            name: `Standalone, first pod to ${workers} ready workers, ${of}`,
            unit: "s",
            atMost: 60,
            value: await cluster.startSeconds(),
        };
        const registration = Math.max(...(await cluster.registrationSeconds()));
        const driver = await cluster.drive("driver", [5, 10, 10_000]);
        await driver.application;
        const failover = await cluster.killLeader(workers);
        const repeated = repeatedTasks(await driver.report());
        return [
            start,
            { name: `worker registered after its start, ${of}`, unit: "s", atMost: 10, value: registration },
            { name: `failover under an application, ${of}`, unit: "s", atMost: seconds, value: failover },
            { name: `tasks lost or run again in it, ${of}`, unit: "", atMost: 0, value: repeated },
        ];
    } finally {
        await cluster.remove();
    }
}
