import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { kubectl } from "../../sandbox/support/kubectl";
import versions from "../../sandbox/versions.json";
import { waitFor } from "../../sandbox/support/wait";
import { access } from "./platform";

/** Where an add-on keeps what it teaches the API server: a Go module, and files in it. Fetched when a test runs; nothing of it is ours. */
export interface Definitions {
    module: string;
    files: string[];
}

const monitoringFolder = "example/prometheus-operator-crd/monitoring.coreos.com";

/** Monitors and rules of the Prometheus operator. */
export const prometheusOperator: Definitions = {
    module: "github.com/prometheus-operator/prometheus-operator@v0.93.0",
    files: [`${monitoringFolder}_podmonitors.yaml`, `${monitoringFolder}_prometheusrules.yaml`],
};

export const keda: Definitions = {
    module: `github.com/kedacore/keda/v2@v${versions.keda}`,
    files: ["config/crd/bases/keda.sh_scaledobjects.yaml"],
};

export const externalSecrets: Definitions = {
    module: "github.com/external-secrets/external-secrets@v1.3.2",
    files: ["externalsecrets", "secretstores"].map((kind) => `config/crds/bases/external-secrets.io_${kind}.yaml`),
};

export const sealedSecrets: Definitions = {
    module: "github.com/bitnami/sealed-secrets@v0.38.4",
    files: ["helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml"],
};

export const gatewayApi: Definitions = {
    module: "sigs.k8s.io/gateway-api@v1.6.1",
    files: ["gateways", "httproutes", "grpcroutes"].map((kind) => `config/crd/standard/gateway.networking.k8s.io_${kind}.yaml`),
};

/** Paths of the files; undefined where the module cannot be had. */
async function filesOf({ module, files }: Definitions): Promise<string[] | undefined> {
    const options = { reject: false, cwd: tmpdir(), timeout: 120_000 } as const;
    const { stdout, exitCode } = await execa("go", ["mod", "download", "-json", module], options);
    const folder = exitCode === 0 ? (JSON.parse(stdout) as { Dir: string }).Dir : undefined;
    return folder === undefined ? undefined : files.map((file) => join(folder, file));
}

/** Waits until the API server knows the kind of a definition. One that was made a moment ago has no conditions at all, which `kubectl wait` takes for an error. */
export const established = (file: string) =>
    waitFor(`${file} is established`, () => kubectl(access, ["wait", "--for=condition=Established", "--timeout=60s", "-f", file]), {
        seconds: 60,
    });

/** Teaches the API server; what comes back takes it away again. Undefined, and said so, where the definitions cannot be had. */
export async function teach(...all: Definitions[]): Promise<(() => Promise<void>) | undefined> {
    const found = await Promise.all(all.map(filesOf));
    const missing = all.find((_, index) => found[index] === undefined);
    if (missing !== undefined) {
        console.log(`      skipped: ${missing.module} cannot be downloaded here, and with it the real definitions`);
        return undefined;
    }
    const files = found.flatMap((list) => list ?? []);
    for (const file of files) {
        await kubectl(access, ["apply", "--server-side", "--force-conflicts", "-f", file]);
        await established(file);
    }
    return async () => {
        for (const file of files) {
            await kubectl(access, ["delete", "--ignore-not-found", "-f", file]);
        }
    };
}
