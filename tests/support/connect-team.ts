import { join } from "node:path";

import { kubectl } from "../../sandbox/support/kubectl";
import { checkout } from "../../sandbox/support/paths";
import { certificateFor } from "./certificate";
import { ConnectClient } from "./connect-client";
import { clearNamespaces } from "./namespaces";
import { access } from "./platform";
import { Program, type Outcome } from "./program";

interface Outputs {
    connection: { url: string; replicaUrls: string[]; clientLabels: Record<string, string>; tokenSecret: string };
    historyUrl: string;
}

/** The program `connect` of the long tests: a team with a store, a History Server and Connect servers behind TLS. */
export class ConnectTeam {
    private readonly program: Program;
    private tls = "";
    private outputs?: Outputs;

    constructor(
        readonly namespace: string,
        readonly version: string,
    ) {
        const env = { NAMESPACE: namespace, SPARK_VERSION: version };
        this.program = new Program(join(checkout, "tests/e2e-long/programs/connect"), env);
    }

    async init(): Promise<void> {
        await clearNamespaces(this.namespace);
        await this.program.init();
        this.tls = JSON.stringify(await certificateFor(`*.${this.namespace}.svc`));
    }

    async up(settings: object): Promise<void> {
        await this.program.up({ SETTINGS: JSON.stringify(settings), TLS: this.tls });
        this.outputs = await this.program.outputs<Outputs>();
    }

    /** A second server that is told something else than the truth, and nothing beside it. */
    tryBroken(broken: object): Promise<Outcome> {
        return this.program.tryUp({ BROKEN: JSON.stringify(broken) });
    }

    remove(): Promise<void> {
        return this.program.remove();
    }

    get made(): Outputs {
        if (this.outputs === undefined) {
            throw new Error("the team is not deployed");
        }
        return this.outputs;
    }

    async token(): Promise<string> {
        const { tokenSecret } = this.made.connection;
        const secret = await kubectl(access, ["get", "secret", tokenSecret, "-n", this.namespace, "-o", "jsonpath={.data.token}"]);
        return Buffer.from(secret, "base64").toString();
    }

    client(pod: string): Promise<ConnectClient> {
        const { clientLabels: labels } = this.made.connection;
        return ConnectClient.start({ namespace: this.namespace, pod, version: this.version, labels, certificate: "certificate" });
    }
}
