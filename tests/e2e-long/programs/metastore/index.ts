import { HiveMetastore, Postgres } from "../../../../components";
import { hiveImage, postgresImage } from "../../../../components/internal/images";
import { registry, team } from "../team";

/** A team's namespace with a store and a metastore on a database of its own; the test says how often its password was changed, and whether a second one cannot reach its database. */
const { NAMESPACE: given = "", ROTATION: rotation = "1", UNREACHABLE: unreachable = "" } = process.env;

const { namespace, store } = team(given);
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
