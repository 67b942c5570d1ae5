import { chmod, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { parseAllDocuments } from "yaml";

import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { goModule, tool } from "../../sandbox/toolchain";
import { access } from "./platform";
import { sendFolder } from "./send-folder";
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
    spec: { template: { spec: { securityContext: object; containers: object[]; volumes: object[] } } };
}

/**
 * Starts KEDA from its own manifests, rights included. Its pods are of an image that is there, and get their programs sent.
 *
 * @returns What takes it away again.
 */
export async function startKeda(): Promise<() => Promise<void>> {
    const folder = join(await goModule("keda-operator", "github.com/kedacore/keda/v2"), "config/minimal");
    const manifests = parseAllDocuments(await kubectl(access, ["kustomize", folder])).map((document) => document.toJS() as Deployment);
    const items = manifests.map((one) => (one.kind === "Deployment" ? onOurImage(one) : one));
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const remove = async () => {
        await kubectl(access, ["delete", "--ignore-not-found", "-f", "-"], { input, timeout: 180_000 });
    };
    await remove();
    // The definitions are too large to be kept in an annotation once more, as a client's apply does.
    await kubectl(access, ["apply", "--server-side", "--force-conflicts", "-f", "-"], { input });
    // The second waits for a certificate that the first makes.
    for (const [name, program] of Object.entries(deployments)) {
        await sendProgram(name, tool(program));
        await kubectl(access, ["rollout", "status", "-n", namespace, `deployment/${name}`, "--timeout=240s"], { timeout: 250_000 });
    }
    return remove;
}

function onOurImage({ metadata, spec, ...rest }: Deployment) {
    const { containers, volumes, ...pod } = spec.template.spec;
    const program = `${programs}/${deployments[metadata.name] ?? ""}`;
    const container = {
        ...containers[0],
        image: sparkImageOf("4.1.0"),
        imagePullPolicy: "IfNotPresent",
        command: ["/bin/sh", "-c", `until [ -e ${programs}/complete ]; do sleep 1; done; exec ${program} "$@"`, program],
    };
    const mounts = {
        volumeMounts: [...((containers[0] as { volumeMounts?: object[] }).volumeMounts ?? []), { name: "programs", mountPath: programs }],
    };
    const template = {
        ...spec.template,
        spec: {
            ...pod,
            securityContext: { ...pod.securityContext, runAsUser: 185 },
            containers: [{ ...container, ...mounts }],
            volumes: [...volumes, { name: "programs", emptyDir: {} }],
        },
    };
    return { ...rest, metadata, spec: { ...spec, template } };
}

async function sendProgram(app: string, program: string): Promise<void> {
    const isThere = async () => {
        const pods = await list<Pod>(access, ["pods", "-n", namespace, "-l", `app=${app}`]);
        return pods.find(({ status }) => status.phase === "Running")?.metadata.name;
    };
    const pod = await waitFor(`${app} runs`, isThere, { seconds: 240 });
    const folder = await mkdtemp(join(tmpdir(), "keda-"));
    try {
        await cp(program, join(folder, basename(program)));
        await chmod(folder, 0o755);
        await writeFile(join(folder, "complete"), "");
        await sendFolder(folder, { namespace, pod, to: programs });
    } finally {
        await rm(folder, { recursive: true });
    }
}
