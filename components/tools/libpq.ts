import * as k8s from "@pulumi/kubernetes";

import { fromSecret } from "../internal/environment";
import { passwordKey, portOf, sslModeOf, usernameKey, type DatabaseFacts } from "../storage/database";

const authorityDirectory = "/etc/database-ca";
const authorityKey = "ca.crt";
const volumeName = "database-ca";

/** What every client that stands on libpq reads, psql and the Python drivers among them. */
export function libpqEnvironment(database: DatabaseFacts): k8s.types.input.core.v1.EnvVar[] {
    return [
        { name: "PGHOST", value: database.host },
        { name: "PGPORT", value: String(portOf(database)) },
        { name: "PGDATABASE", value: database.database },
        { name: "PGSSLMODE", value: sslModeOf(database) },
        ...(database.caSecret === undefined ? [] : [{ name: "PGSSLROOTCERT", value: `${authorityDirectory}/${authorityKey}` }]),
        fromSecret("PGUSER", database.credentialsSecret, usernameKey),
        fromSecret("PGPASSWORD", database.credentialsSecret, passwordKey),
    ];
}

/** The certificate of whoever signed the server's. */
export function authorityVolumes({ caSecret }: DatabaseFacts): k8s.types.input.core.v1.Volume[] {
    const items = [{ key: authorityKey, path: authorityKey }];
    return caSecret === undefined ? [] : [{ name: volumeName, secret: { secretName: caSecret, items } }];
}

export function authorityMounts({ caSecret }: DatabaseFacts): k8s.types.input.core.v1.VolumeMount[] {
    return caSecret === undefined ? [] : [{ name: volumeName, mountPath: authorityDirectory, readOnly: true }];
}
