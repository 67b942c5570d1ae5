import type { LogSettings } from "../../internal/logs";
import type { Monitoring } from "../../internal/monitoring";
import type { PodSettings } from "../../internal/pod";
import type { SparkApplicationDriver } from "../../spark/drivers";
import type { SparkApplicationExecutor } from "../../spark/executors";
import type { SparkRuntime } from "../../spark/connections";
import type { HiveMetastore } from "../../spark/hive-metastore";
import type { Ground } from "./ground";
import { logsOf, monitoringOf } from "./pods";
import { runtimeOf } from "./spark";

interface Application {
    sparkVersion?: string;
    image?: SparkRuntime["image"];
    driver?: SparkApplicationDriver;
    executor?: SparkApplicationExecutor;
    logs?: LogSettings;
    monitoring?: Monitoring;
}

/** What an application is given, beside its settings: what it inherits, and what its pods need to reach the store. */
export function application<Settings extends Application>(ground: Ground, settings: Settings, metastore: HiveMetastore | undefined) {
    const { sparkVersion = ground.platform.sparkVersion, image, driver, executor, ...own } = settings;
    const inherited = runtimeOf(ground, sparkVersion, metastore);
    return {
        ...own,
        runtime: { ...inherited, image: image ?? inherited.image },
        logs: logsOf(ground.platform, settings),
        monitoring: monitoringOf(ground.platform, settings),
        driver: withPod(driver, ground.secrets.pod),
        executor: withPod(executor, ground.secrets.pod),
    };
}

/** Private registries' secrets come with the runtime. */
const withPod = (part: { pod?: PodSettings } | undefined, pod: (pod: PodSettings) => PodSettings) => ({
    ...part,
    pod: pod(part?.pod ?? {}),
});
