import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { refused, requestsOf, unused, type Permission } from "../support/audit";
import { startSums, sumsOf } from "../support/client";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";

const namespace = "spark-e2e-rights";

/** Asked for under another name, or only when something went wrong. */
const rarer = [
    // An apply that makes the object needs both rights; the log says patch.
    /-submitter: create (services|configmaps)$/,
    // A driver that an attempt left when it was told to stop (images/spark/tests/test_submit.py).
    /-submitter: delete pods$/,
];

interface Role {
    metadata: { name: string };
    rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
}

interface RoleBinding {
    roleRef: { name: string };
    subjects: { name: string }[];
}

/** Every verb on every resource that an account of the namespace was given. */
async function granted(): Promise<Permission[]> {
    const roles = await list<Role>(access, ["roles", "-n", namespace]);
    const bindings = await list<RoleBinding>(access, ["rolebindings", "-n", namespace]);
    return bindings.flatMap(({ roleRef, subjects }) =>
        subjects.flatMap(({ name: account }) =>
            roles
                .filter(({ metadata }) => metadata.name === roleRef.name)
                .flatMap(({ rules }) => rules)
                .flatMap(({ apiGroups, resources, verbs }) =>
                    apiGroups.flatMap((group) =>
                        resources.flatMap((resource) => verbs.map((verb) => ({ account, group, resource, verb }))),
                    ),
                ),
        ),
    );
}

for (const version of testedVersions) {
    describe(`the rights of accounts, Spark ${version}`, () => {
        const program = new Program(join(__dirname, "programs/least-privilege"), { NAMESPACE: namespace, SPARK_VERSION: version });
        const started = new Date();
        let given: Permission[];

        const executors = () => list<Pod>(access, ["pods", "-n", namespace, "-l", "spark-role=executor"]);

        before(async () => {
            await clearNamespaces(namespace);
            await program.init();
            await program.up({ APPLICATIONS: "2" });
            await program.up({ APPLICATIONS: "3" });
            given = await granted();
            const { connectUrl } = await program.outputs<{ connectUrl: string }>();
            const query = await startSums(connectUrl, 100_000, 4);
            assert.deepEqual(await query.answer, sumsOf(100_000));
            const gone = async () => ((await executors()).length === 0 ? true : undefined);
            await waitFor("the executors have gone", gone, { seconds: 120 });
            // What a server asks for when it is told to stop.
            await kubectl(access, ["delete", "pod", "main-connect-0", "-n", namespace, "--wait=true"], { timeout: 180_000 });
        });

        after(() => program.remove());

        it("are enough: nothing was refused", () => {
            assert.deepEqual(refused(requestsOf(namespace, started)), []);
        });

        it("are no more than what is used", () => {
            const idle = unused(given, requestsOf(namespace, started));
            assert.deepEqual(
                idle.filter((each) => !rarer.some((known) => known.test(each))),
                [],
            );
        });
    });
}
