import { chmod, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { kubectl } from "../../sandbox/support/kubectl";
import { goModule, tool } from "../../sandbox/toolchain";
import { access } from "./platform";
import { sparkImageOf } from "./spark-image";

/** Where KEDA's own manifests put it. */
const namespace = "keda";
const programs = "/programs";

/** KEDA's deployments, and the program that each runs. */
const deployments: Record<string, "keda-operator" | "keda-adapter"> = {
    "keda-operator": "keda-operator",
    "keda-metrics-apiserver": "keda-adapter",
};

interface Deployment {
    kind: string;
    metadata: { name: string };
    spec: { template: { spec: { securityContext: object; containers: { volumeMounts?: object[] }[]; volumes: object[] } } };
}

/**
 * Starts KEDA from its own manifests, rights included. Its pods are of an image that is there, and find their programs on the node, which is
 * this machine.
 *
 * @returns What takes it away again.
 */
export async function startKeda(): Promise<() => Promise<void>> {
    const sources = join(await goModule("keda-operator", "github.com/kedacore/keda/v2"), "config/minimal");
    const folder = await mkdtemp(join(tmpdir(), "keda-"));
    await chmod(folder, 0o755);
    for (const program of Object.values(deployments)) {
        await cp(tool(program), join(folder, program));
    }
    const manifests = parseAllDocuments(await kubectl(access, ["kustomize", sources])).map((document) => document.toJS() as Deployment);
    const items = manifests.map((one) => (one.kind === "Deployment" ? withProgram(one, folder) : one));
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const clear = () => kubectl(access, ["delete", "--ignore-not-found", "-f", "-"], { input, timeout: 180_000 });
    await clear();
    // The definitions are too large to be kept in an annotation once more, as a client's apply does.
    await kubectl(access, ["apply", "--server-side", "--force-conflicts", "-f", "-"], { input });
    for (const name of Object.keys(deployments)) {
        await kubectl(access, ["rollout", "status", "-n", namespace, `deployment/${name}`, "--timeout=300s"], { timeout: 310_000 });
    }
    return async () => {
        await clear();
        await rm(folder, { recursive: true });
    };
}

function withProgram({ metadata, spec, ...rest }: Deployment, folder: string) {
    const { containers, volumes, ...pod } = spec.template.spec;
    const [container] = containers;
    const own = {
        ...container,
        image: sparkImageOf("4.1.0"),
        imagePullPolicy: "IfNotPresent",
        command: [`${programs}/${deployments[metadata.name] ?? ""}`],
        volumeMounts: [...(container?.volumeMounts ?? []), { name: "programs", mountPath: programs, readOnly: true }],
    };
    const template = {
        ...spec.template,
        spec: {
            ...pod,
            securityContext: { ...pod.securityContext, runAsUser: 185 },
            containers: [own],
            volumes: [...volumes, { name: "programs", hostPath: { path: folder } }],
        },
    };
    return { ...rest, metadata, spec: { ...spec, template } };
}
