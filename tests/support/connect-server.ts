import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { serverLabel } from "../../components/spark/connect/conf";
import { access } from "./platform";

export const isReady = ({ status }: Pod) => status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;

/** One Connect server under test, and what tests do to it. */
export class ServerUnderTest {
    /** @param pod Name of the pod that it runs in. */
    constructor(
        readonly namespace: string,
        readonly pod: string,
    ) {}

    /** Its running executors. */
    async executors(): Promise<string[]> {
        const pods = await list<Pod>(access, ["pods", "-n", this.namespace, "-l", `spark-role=executor,${serverLabel}=${this.pod}`]);
        return pods.filter(({ status }) => status.phase === "Running").map(({ metadata }) => metadata.name);
    }

    someExecutor(): Promise<string> {
        return waitFor("an executor runs", async () => (await this.executors())[0], { seconds: 60 });
    }

    ready(): Promise<Pod> {
        const one = async () => JSON.parse(await kubectl(access, ["get", "pod", this.pod, "-n", this.namespace, "-o", "json"])) as Pod;
        return waitFor(`${this.pod} is ready`, async () => [await one()].find(isReady), { seconds: 120 });
    }

    /** The loss of a node, as far as the server can tell. */
    async killExecutor(name: string): Promise<void> {
        await kubectl(access, ["delete", "pod", name, "-n", this.namespace, "--grace-period=0", "--force"]);
    }

    /** What the kernel does to a process that takes too much memory. */
    async crashExecutor(name: string): Promise<void> {
        await kubectl(access, ["exec", "-n", this.namespace, name, "--", "pkill", "-9", "java"]);
    }

    /**
     * Kills the JVM so that it can say nothing, and waits until none of its executors is left.
     *
     * @returns Seconds that this took.
     */
    async killJvm({ seconds }: { seconds: number }): Promise<number> {
        const old = await this.executors();
        const start = Date.now();
        await kubectl(access, ["exec", "-n", this.namespace, this.pod, "--", "pkill", "-9", "-f", "SparkConnectServer"]);
        const noneLeft = async () => {
            const now = await this.executors();
            return old.some((name) => now.includes(name)) ? undefined : true;
        };
        await waitFor(`none of ${old.join(", ")} is left`, noneLeft, { seconds, everySeconds: 0.5 });
        return (Date.now() - start) / 1000;
    }

    /** Tells it to stop, and waits until it has. */
    async stop(): Promise<void> {
        await kubectl(access, ["delete", "pod", this.pod, "-n", this.namespace, "--wait=true"], { timeout: 150_000 });
    }
}
