import { join } from "node:path";

import { Program } from "../../tests/support/program";
import { kubectl, list, type KubeAccess } from "../support/kubectl";
import { checkout } from "../support/paths";
import { provideImages } from "../up/images";
import versions from "../versions.json";
import type { Figure } from "./measure";

const namespace = "spark-bench-submit";

interface Job {
    status: { startTime: string; completionTime: string };
}

/** Spark's own SparkPi through spark-submit, on a cluster that runs nothing of it yet: from the Job's start to its end, as Kubernetes notes both. */
export async function sparkPi(access: KubeAccess): Promise<Figure[]> {
    await provideImages(["minio", ...versions.spark.map((version) => `spark:${version}`)]);
    const figures: Figure[] = [];
    for (const version of versions.spark) {
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"], { timeout: 180_000 });
        const directory = join(checkout, "tests/e2e-long/programs/submit");
        const program = new Program(directory, { NAMESPACE: namespace, SPARK_VERSION: version });
        await program.init();
        try {
            await program.up();
            for (const mode of ["client", "cluster"]) {
                await program.up({ STEP: `pi ${mode}` });
                const [job] = await list<Job>(access, ["jobs", "-n", namespace, "-l", "app.kubernetes.io/instance=pi"]);
                const { startTime = "", completionTime = "" } = job?.status ?? {};
                const value = (Date.parse(completionTime) - Date.parse(startTime)) / 1000;
                figures.push({ name: `SparkPi by spark-submit, ${mode} mode, ${version}`, unit: "s", atMost: 45, value });
            }
        } finally {
            await program.remove();
        }
    }
    return figures;
}
