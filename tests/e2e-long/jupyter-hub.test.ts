import assert from "node:assert/strict";
import { join } from "node:path";

import { forward, kubectl, list, type Forward, type Pod } from "../../sandbox/support/kubectl";
import versions from "../../sandbox/versions.json";
import { waitFor } from "../../sandbox/support/wait";
import { HubUser } from "../support/hub";
import type { NotebookServer } from "../support/notebook";
import { access } from "../support/platform";
import { Program } from "../support/program";

const namespace = "spark-e2e-hub";
const names = ["ada", "grace"] as const;

/** Says which of the addresses a program in a notebook reaches. */
const reached = (addresses: [string, number][]) => `
import json, socket
def reaches(host, port):
    try:
        socket.create_connection((host, port), timeout=3).close()
        return True
    except OSError:
        return False
print(json.dumps([reaches(host, port) for host, port in ${JSON.stringify(addresses)}]))
`;

async function answer(server: NotebookServer, code: string): Promise<unknown> {
    const [result] = await server.run([code]);
    assert.equal(result!.error, undefined);
    return JSON.parse(result!.text.trim().split("\n").pop() ?? "");
}

for (const version of [...versions.spark].reverse()) {
    describe(`JupyterHub on Spark ${version}`, () => {
        const program = new Program(join(__dirname, "programs/hub"), { NAMESPACE: namespace, SPARK_VERSION: version });
        let tunnel: Forward | undefined;
        let passwords: Record<string, string> = {};
        let users: HubUser[] = [];
        let servers: NotebookServer[] = [];

        const userPods = () => list<Pod>(access, ["pods", "-n", namespace, "-l", "app.kubernetes.io/component=user-server"]);
        const login = (name: string) => HubUser.login(tunnel!.port, name, passwords[name] ?? "");

        before(async () => {
            await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
            await program.init();
            await program.up();
            const { url, passwordsSecret } = await program.outputs<Record<string, string>>();
            const secret = JSON.parse(await kubectl(access, ["get", "secret", passwordsSecret!, "-n", namespace, "-o", "json"])) as {
                data: Record<string, string>;
            };
            passwords = Object.fromEntries(
                Object.entries(secret.data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
            );
            tunnel = await forward(access, url!);
        });

        after(async () => {
            tunnel?.close();
            await program.remove();
            await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        });

        it("lets people in with their own password only", async () => {
            // A forged form is answered with the same status.
            const refused = /answered 403: Invalid username or password/;
            await assert.rejects(HubUser.login(tunnel!.port, "ada", "wrong"), refused);
            await assert.rejects(HubUser.login(tunnel!.port, "ada", passwords.grace!), refused);
            await assert.rejects(HubUser.login(tunnel!.port, "../ada", passwords.ada!), refused);
            users = await Promise.all(names.map(login));
        });

        it("gives two users a server each", async () => {
            const start = Date.now();
            servers = await Promise.all(users.map((user) => user.start()));
            console.log(`        two servers: ${((Date.now() - start) / 1000).toFixed(1)} s`);
            assert.deepEqual((await userPods()).map(({ metadata }) => metadata.name).sort(), ["team-user-ada", "team-user-grace"]);
        });

        it("gives both a Spark session at the same time", async () => {
            const results = await Promise.all(
                servers.map(async (server) => server.run(await server.cellsOf("examples/quick-start.ipynb"))),
            );
            assert.equal(results.length, names.length);
            for (const cells of results) {
                assert.equal(cells.length, 5);
                assert.deepEqual(
                    cells.flatMap(({ error }) => error ?? []),
                    [],
                );
                assert.equal(cells[0]!.text, `'${version}'`);
                assert.match(cells[1]!.text, /100000/);
            }
        });

        it("keeps them apart, and away from the proxy's own API", async () => {
            assert.equal((await users[1]!.serverOf("ada").ask("/api/contents")).status, 403);
            assert.equal((await users[0]!.ask("users/grace")).status, 404);
            const grace = (await userPods()).find(({ metadata }) => metadata.name.endsWith("grace"))!;
            const addresses: [string, number][] = [
                [grace.status.podIP!, 8888],
                ["team-jupyterhub-proxy", 8001],
                ["kubernetes.default.svc", 443],
                ["team-jupyterhub-hub", 8081],
                ["team-connect", 15002],
            ];
            assert.deepEqual(await answer(servers[0]!, reached(addresses)), [false, false, false, true, true]);
        });

        it("keeps servers going while the hub is replaced, and knows its users afterwards", async () => {
            await kubectl(access, ["delete", "pod", "-n", namespace, "-l", "app.kubernetes.io/component=hub", "--wait"]);
            await kubectl(access, ["rollout", "status", "-n", namespace, "deployment/team-jupyterhub-hub", "--timeout=180s"]);
            assert.equal(await answer(servers[0]!, "print(6 * 7)"), 42);
            assert.equal((await users[0]!.ask("users/ada")).body.servers[""].ready, true);
        });

        it("leads people to their servers again when the proxy is replaced", async () => {
            tunnel!.close();
            await kubectl(access, ["delete", "pod", "-n", namespace, "-l", "app.kubernetes.io/component=proxy", "--wait"]);
            await kubectl(access, ["rollout", "status", "-n", namespace, "deployment/team-jupyterhub-proxy", "--timeout=180s"]);
            tunnel = await forward(access, `http://team-jupyterhub.${namespace}.svc:8000`);
            users = await Promise.all(names.map(login));
            servers = users.map((user) => user.serverOf(user.name));
            const found = async () => ((await servers[0]!.ask("/api/contents")).status === 200 ? true : undefined);
            await waitFor("the proxy knows the server of ada", found, { seconds: 120 });
        });

        it("keeps the home of a user whose server is stopped", async () => {
            assert.equal(await answer(servers[0]!, 'open("notes.txt", "w").write("kept"); print(1)'), 1);
            await users[0]!.stop();
            servers[0] = await users[0]!.start();
            assert.equal(await answer(servers[0], 'import json; print(json.dumps(open("notes.txt").read()))'), "kept");
        });

        it("stops servers that nobody uses, and keeps their homes", async () => {
            await program.up({ IDLE: "20s" });
            const gone = async () => ((await userPods()).length === 0 ? true : undefined);
            await waitFor("the servers have stopped", gone, { seconds: 240 });
            const claims = await list<Pod>(access, ["pvc", "-n", namespace, "-l", "app.kubernetes.io/component=user-server"]);
            assert.deepEqual(claims.map(({ metadata }) => metadata.name).sort(), ["team-user-ada", "team-user-grace"]);
        });
    });
}
