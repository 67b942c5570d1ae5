import assert from "node:assert/strict";

import { checkout } from "../../../sandbox/support/paths";
import { Project } from "../plugins/project";

/** Every complaint as "policy, resource: message", in the order of the alphabet. */
function complaints(text: string): string[] {
    const found = [...text.matchAll(/^ *- \[mandatory\] +(\S+) +\((\S+): (\S+)\)\n.*\n *(.*)$/gm)];
    return found.map(([, policy = "", , resource = "", message = ""]) => `${policy}, ${resource}: ${message}`).sort();
}

const everywhere = (stack: string) => [
    `default-deny, spark-platform-${stack}: the namespace policy-open has pods, and no network policy that denies everything to all of them`,
    "executors-without-token, executor-with-token: the template of executors mounts a token of the Kubernetes API",
    "no-readable-secrets, secret-in-args: main: the command holds a secret; take it from a Secret",
    "no-readable-secrets, secret-in-conf: spark.ssl.keyStorePassword in a.conf is readable by everyone in the namespace",
    "no-readable-secrets, secret-in-env: main: the variable DB_PASSWORD holds a secret; take it from a Secret",
    `own-secrets, secret-of-others: it reads the secret staging/s3, which is not one of ${stack.split("-").at(-1)}`,
    "resources-set, no-limit: main: memory limited",
    "resources-set, no-limit: main: memory requested",
    "restricted-pods, executor-with-token: no token by default",
    "restricted-pods, host: nothing of the host",
    "restricted-pods, root: a numeric user",
    "restricted-pods, root: not root",
    "restricted-pods, root: the default seccomp profile",
];

const beyondDev = [
    "pinned-images, latest: main: the image registry.example.com/tool:latest has neither a digest nor a version other than latest",
    "protected-data, unprotected: it holds data and is not protected",
];

const inProd = ["replicated-servers, alone: it has less than 2 replicas"];

describe("the policy pack, with the real engine, refuses each violation and nothing else", () => {
    for (const [stack, expected] of [
        ["team-a-dev", everywhere("team-a-dev")],
        ["prod", [...everywhere("prod"), ...beyondDev, ...inProd]],
    ] as const) {
        it(`in the stack ${stack}`, async () => {
            const project = new Project("violations", stack);
            await project.init();
            try {
                const { exitCode, text } = await project.preview("first", "--policy-pack", `${checkout}/policy`, "--color", "never");
                assert.notEqual(exitCode, 0, text);
                assert.deepEqual(complaints(text), [...expected].sort());
            } finally {
                await project.remove();
            }
        });
    }
});
