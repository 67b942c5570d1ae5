import { team } from "../team";

/** A store on its own, with the buckets that the test asks for. */
const { NAMESPACE: given = "", BUCKETS: buckets = "warehouse" } = process.env;

const { store } = team(given, { buckets: buckets.split(",") });

export const credentialsSecret = store.connection.apply((connection) => connection.credentialsSecret);
