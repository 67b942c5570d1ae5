import * as pulumi from "@pulumi/pulumi";

import { exporterContainer } from "../../internal/exporters";
import type { PlainContainer } from "../../internal/pod";
import { fromSecret, passwordKey } from "../database";
import type { ResolvedPostgres } from "./args";
import { exporterPort, monitorUser, postgresPort } from "./conf";

/** Beside the server, so that its connection stays in the pod. Encrypted all the same, for the server takes no other. */
export function exporter({ exporterImage }: ResolvedPostgres, password: pulumi.Input<string>): PlainContainer {
    return exporterContainer({
        image: exporterImage,
        args: ["/usr/local/bin/postgres-exporter", "--config.file=/etc/exporters/postgres.yml", `--web.listen-address=:${exporterPort}`],
        env: [
            { name: "DATA_SOURCE_URI", value: `127.0.0.1:${postgresPort}/postgres?sslmode=require` },
            { name: "DATA_SOURCE_USER", value: monitorUser },
            fromSecret("DATA_SOURCE_PASS", password, passwordKey),
        ],
        port: exporterPort,
    });
}
