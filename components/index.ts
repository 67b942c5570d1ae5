/** The public surface: what is not exported here may change without notice. */
export { SparkPlatform } from "./platform";
export type {
    SparkPlatformArgs,
    SparkPlatformConnect,
    SparkPlatformHistoryServer,
    SparkPlatformImages,
    SparkPlatformObjectStore,
    SparkPlatformStorage,
} from "./platform";
