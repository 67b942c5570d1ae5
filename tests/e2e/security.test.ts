import assert from "node:assert/strict";

import { kubectl, list, serviceOf, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { executors } from "../../sandbox/up/job";
import { startSums } from "../support/client";
import { access, podsOf, refusal } from "../support/platform";
import { restrictedClient } from "../support/client-pod";
import { platform } from "./hooks";

const namespace = () => platform().endpoints.namespace;

/** Tries to connect from inside a pod; answers "open", or the reason it is not. */
async function dial(pod: string, target: string): Promise<string> {
    const [host, port] = target.split(":");
    const script = `
import socket
try:
    socket.create_connection(("${host}", ${port}), timeout=4).close()
    print("open")
except OSError as error:
    print(type(error).__name__)
`;
    return (await kubectl(access, ["exec", "-n", namespace(), pod, "--", "python3", "-c", script])).trim();
}

/** The node's firewall hears of a new pod a few seconds after the pod runs; from then on a closed way stays closed. */
async function isClosed(pod: string, target: string): Promise<true> {
    return waitFor(`${target} is closed to ${pod}`, async () => ((await dial(pod, target)) === "open" ? undefined : true), { seconds: 20 });
}

const hostOf = (url: string) => {
    const { service, namespace: space, port } = serviceOf(url);
    return `${service}.${space}.svc:${port}`;
};

describe("the network of the platform", () => {
    const stranger = "stranger";

    before(async () => {
        const [server] = await list<Pod & { spec: { containers: { image: string }[] } }>(access, [
            "pods",
            "-n",
            namespace(),
            "-l",
            "app.kubernetes.io/name=spark-connect",
        ]);
        const image = server?.spec.containers[0]?.image ?? "";
        await kubectl(access, ["apply", "-n", namespace(), "-f", "-"], { input: JSON.stringify(restrictedClient(stranger, image)) });
        await kubectl(access, ["wait", "-n", namespace(), `pod/${stranger}`, "--for=condition=Ready", "--timeout=60s"]);
    });

    after(async () => {
        await kubectl(access, ["delete", "pod", stranger, "-n", namespace(), "--grace-period=1"]);
    });

    it("lets a pod that nobody named reach nothing", async () => {
        const { connect, historyServer, objectStore } = platform().endpoints;
        const targets = [hostOf(connect), hostOf(historyServer), hostOf(objectStore), "kubernetes.default.svc:443"];
        await Promise.all(targets.map((target) => isClosed(stranger, target)));
    });

    it("lets it reach what it wears the label of, and nothing else", async () => {
        const { connect, objectStore } = platform().endpoints;
        await kubectl(access, ["label", "pod", stranger, "-n", namespace(), `spark-platform/${serviceOf(connect).service}-client=true`]);
        const opened = async () => ((await dial(stranger, hostOf(connect))) === "open" ? true : undefined);
        await waitFor("the label opens the way", opened, { seconds: 20 });
        await isClosed(stranger, hostOf(objectStore));
    });

    it("lets the Connect server reach the object store and the API server, as it must", async () => {
        const [server] = await podsOf(platform().endpoints.connect);
        assert.equal(await dial(server!.metadata.name, hostOf(platform().endpoints.objectStore)), "open");
        assert.equal(await dial(server!.metadata.name, "kubernetes.default.svc:443"), "open");
    });

    it("lets an executor reach the object store, but not the API server, and gives it no token", async () => {
        const query = await startSums(platform().endpoints.connect, 15_000_000);
        const executor = await waitFor("an executor runs", async () => (await executors(access, platform().endpoints))[0], { seconds: 60 });
        const { name } = executor.metadata;
        assert.equal(await dial(name, hostOf(platform().endpoints.objectStore)), "open");
        await isClosed(name, "kubernetes.default.svc:443");
        const mounts = await kubectl(access, ["exec", "-n", namespace(), name, "--", "ls", "/var/run"]);
        assert.doesNotMatch(mounts, /secrets/);
        const [server] = await podsOf(platform().endpoints.connect);
        assert.deepEqual(
            executor.metadata.ownerReferences?.map(({ uid }) => uid),
            [server!.metadata.uid],
        );
        await query.answer;
    });
});

describe("the namespace of the platform", () => {
    it("refuses a pod that is not restricted", async () => {
        const pod = restrictedClient("privileged", "any");
        pod.spec.containers[0]!.securityContext = { privileged: true };
        const why = await refusal({ ...pod, metadata: { ...pod.metadata, namespace: namespace() } });
        assert.match(why ?? "", /violates PodSecurity "restricted/);
    });

    it("has no secret in a config map", async () => {
        const secrets = await list<{ metadata: { name: string }; data?: Record<string, string> }>(access, ["secrets", "-n", namespace()]);
        const values = secrets.flatMap(({ data = {} }) => Object.values(data).map((value) => Buffer.from(value, "base64").toString()));
        assert.ok(values.length > 0);
        const maps = JSON.stringify(await list(access, ["configmaps", "-n", namespace()]));
        // Short values, such as a user name, may well be words that occur elsewhere.
        assert.deepEqual(
            values.filter((value) => value.length >= 16 && maps.includes(value)),
            [],
        );
    });
});
