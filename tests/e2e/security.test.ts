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
        const answers = await Promise.all(targets.map((target) => dial(stranger, target)));
        assert.deepEqual(
            answers.filter((answer) => answer === "open"),
            [],
            `${targets.join(", ")} answered ${answers.join(", ")}`,
        );
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
        assert.notEqual(await dial(name, "kubernetes.default.svc:443"), "open");
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
