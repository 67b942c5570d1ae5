import { HiveMetastore, ObjectStore, Postgres, SparkWorkspace } from "../../../../components";
import { hiveImage, minioImage, postgresImage } from "../../../../components/internal/images";

/** A team's namespace with a store and a metastore on a database of its own; the test says how often its password was changed, and whether a second one cannot reach its database. */
const { NAMESPACE: team = "", ROTATION: rotation = "1", UNREACHABLE: unreachable = "" } = process.env;
const registry = "spark-platform.local";

const workspace = new SparkWorkspace("team", { namespace: team });
const { namespace } = workspace;
const store = new ObjectStore("team", { namespace, image: minioImage(registry), buckets: ["warehouse"], storage: "1g" });
const server = new Postgres("team", {
    namespace,
    image: postgresImage(registry),
    databases: { metastore: { rotation: Number(rotation) } },
    storage: "1g",
    memory: "256m",
});
const common = {
    namespace,
    image: hiveImage(registry),
    s3: store.connection,
    warehouse: store.warehouse,
    memory: "768m",
    cpuRequest: "50m",
};
const database = server.connections.apply(({ metastore }) => metastore!);
const metastore = new HiveMetastore("team", { ...common, database, replicas: 2 });
if (unreachable !== "") {
    new HiveMetastore("lost", {
        ...common,
        database: database.apply((known) => ({ ...known, ...(JSON.parse(unreachable) as object) })),
        databaseTimeoutSeconds: 10,
    });
}

export const connection = metastore.connection;
export const s3 = store.connection;
