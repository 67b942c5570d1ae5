import { ObjectStore, SparkWorkspace } from "../../../../components";
import { minioImage } from "../../../../components/internal/images";

/** A store on its own, with the buckets that the test asks for. */
const { NAMESPACE: team = "", BUCKETS: buckets = "warehouse" } = process.env;

const workspace = new SparkWorkspace("team", { namespace: team });
const store = new ObjectStore("team", {
    namespace: workspace.namespace,
    image: minioImage("spark-platform.local"),
    buckets: buckets.split(","),
    storage: "1g",
});

export const credentialsSecret = store.connection.apply((connection) => connection.credentialsSecret);
