import { SparkPlatform } from "spark-platform";

// Two masters that stand by for each other, their state in the object store; a Connect server whose executors are processes on the workers.
const platform = new SparkPlatform("standalone", {
    images: { registry: "registry.example.com/data" },
    objectStore: {},
    historyServer: {},
    standalone: {
        shared: {
            masters: 2,
            recovery: { mode: "s3", directory: "s3a://spark-logs/recovery" },
            worker: { replicas: 3, cores: 4, memory: "16g" },
        },
    },
    connect: { main: { standalone: "shared", executor: { cores: 2, memory: "4g", maximum: 6 } } },
});

export const masters = platform.standaloneConnections;
export const connectUrls = platform.connectUrls;
