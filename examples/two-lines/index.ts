import { SparkPlatform } from "spark-platform";

// Spark 3.5 and 4.1 side by side: servers of both lines, tables in one Hive Metastore, and one History Server of the newer line.
const platform = new SparkPlatform("two-lines", {
    images: { registry: "registry.example.com/data" },
    objectStore: { storage: "100g" },
    historyServer: { sparkVersion: "4.1.0" },
    hiveMetastore: {},
    connect: {
        old: { sparkVersion: "3.5.7", executor: { maximum: 4 } },
        new: { sparkVersion: "4.1.0", executor: { maximum: 4 } },
    },
});

export const connectUrls = platform.connectUrls;
