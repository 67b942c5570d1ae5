import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ConnectTeam } from "../../tests/support/connect-team";
import type { ConnectClient } from "../../tests/support/connect-client";
import { forward, kubectl, type KubeAccess } from "../support/kubectl";
import { checkout } from "../support/paths";
import { prepare } from "../up/prepare";
import { chosenVersions, isBroken, median, print, type Figure } from "./measure";
import { secondsToFirstExecutor, secondsToStart } from "./server";

const namespace = "spark-bench-connect";
/** Small enough to be filled, and large enough that Spark itself is not most of it. */
const heapMiB = 1024;
const sessionsAtOnce = 100;
const mostSessions = 400;
const loadSeconds = 10;
const mebibyte = 2 ** 20;

interface Opened {
    opened: number;
    median: number;
    failed: string | null;
}

/** What pi.py prints. */
interface Pi {
    application: string;
    /** Epoch milliseconds. */
    started: number;
    seconds: number;
}

interface Load {
    perSecond: number;
    median: number;
    p95: number;
    failed: string | null;
}

const settings = (minimum: number) => ({
    memory: `${heapMiB}m`,
    executor: { cores: 2, cpuRequest: "100m", memory: "512m", minimum, maximum: 2 },
});

/** One server with a heap of 1 GiB. */
class MeasuredServer {
    private constructor(
        readonly version: string,
        private readonly access: KubeAccess,
        private readonly team: ConnectTeam,
        private readonly client: ConnectClient,
        private readonly heapScript: string,
        private readonly pod = "main-connect-0",
    ) {}

    static async with<T>(version: string, access: KubeAccess, measure: (server: MeasuredServer) => Promise<T>): Promise<T> {
        const team = new ConnectTeam(namespace, version);
        await team.init();
        try {
            await team.up(settings(0));
            const heapScript = await readFile(join(checkout, "sandbox/bench/live-heap.py"), "utf8");
            return await measure(new MeasuredServer(version, access, team, await team.client("client"), heapScript));
        } finally {
            await team.remove();
        }
    }

    /** What is alive on its heap, after a full collection; a look that finds work in the middle is looked at again. */
    liveMiB(): Promise<number> {
        const look = () =>
            kubectl(this.access, ["exec", "-n", namespace, this.pod, "--", "python3", "-c", this.heapScript], { timeout: 60_000 });
        return median(3, async () => Number(await look()) / mebibyte);
    }

    /** Times that its JVM was started again: it ends itself when its heap is full. */
    async restarts(): Promise<number> {
        const path = "jsonpath={.status.containerStatuses[*].restartCount}";
        const counts = await kubectl(this.access, ["get", "pod", this.pod, "-n", namespace, "-o", path]);
        return counts.split(" ").reduce((sum, count) => sum + Number(count), 0);
    }

    /** From now on its executors are always there: what is measured is the server. */
    keepExecutors(): Promise<void> {
        return this.team.up(settings(2));
    }

    /** Its start, and what the first query after it takes when no executor runs. */
    async start(): Promise<Figure[]> {
        const of = `Spark ${this.version}`;
        const ready = await secondsToStart(this.access, { namespace, pod: this.pod });
        const { application, started, seconds } = await this.client.run<Pi>("../../../sandbox/bench/pi.py", this.team.made.connection.url);
        const ui = await forward(this.access, `sc://main-connect.${namespace}.svc:4040`, "statefulset");
        try {
            const first = await secondsToFirstExecutor(ui, application, started);
            return [
                { name: `Connect server ready after its pod started, ${of}`, unit: "s", atMost: 25, value: ready },
                { name: `first executor after the first query, ${of}`, unit: "s", atMost: 8, value: first },
                { name: `answer of the first query, Pi, ${of}`, unit: "s", value: seconds },
            ];
        } finally {
            ui.close();
        }
    }

    run<T>(...args: string[]): Promise<T> {
        return this.client.run<T>("../../../sandbox/bench/sessions.py", this.team.made.connection.url, ...args);
    }
}

/**
 * How long one server takes to start and to answer first, and how many clients and how many sessions it bears, on both lines. Exits 1
 * when a promise is broken; of clients and sessions nothing is promised. The environment variable SPARK names one version of the two.
 */
export async function benchConnect(): Promise<void> {
    const figures: Figure[] = [];
    const lines = chosenVersions();
    const { access, release } = await prepare({ images: ["minio", "tls-proxy:1", ...lines.map((version) => `spark:${version}`)] });
    try {
        for (const version of lines) {
            await MeasuredServer.with(version, access, async (server) => {
                const start = await server.start();
                start.forEach(print);
                figures.push(...start);
                await server.keepExecutors();
                // In this order: the queries also fill what Spark keeps of the last thousand of them, which no session is to be charged with.
                await clientsAtOnce(server);
                await sessionsAtRest(server);
            });
        }
    } finally {
        await release();
    }
    process.exitCode = figures.some(isBroken) ? 1 : 0;
}

/** More and more clients that ask as fast as they are answered, until the slowest of twenty waits ten times as long as with one alone, or one fails. */
async function clientsAtOnce(server: MeasuredServer): Promise<void> {
    const of = `Spark ${server.version}`;
    await server.run<Load>("load", "2", String(loadSeconds));
    let alone: number | undefined;
    for (let clients = 1; clients <= 32; clients *= 2) {
        const { perSecond, p95, failed } = await server.run<Load>("load", String(clients), String(loadSeconds));
        if (failed !== null) {
            console.log(`${clients} clients at once: ${failed} (${of})`);
            return;
        }
        print({ name: `queries a second of ${clients} clients at once, ${of}`, unit: "/s", value: perSecond });
        print({ name: `95 % of their answers within, ${of}`, unit: "s", value: p95 });
        print({ name: `alive on the heap afterwards, ${of}`, unit: "MiB", value: await server.liveMiB() });
        alone ??= p95;
        if (p95 > 10 * alone) {
            return;
        }
    }
}

interface Look {
    sessions: number;
    live: number;
    /** Seconds to open one, the middle one of those just opened. */
    toOpen: number;
    /** Whether the oldest still has its view. */
    oldest: boolean;
}

const forgotten = "the oldest was forgotten";

/** Why no more are opened. */
const ends: Record<string, (now: Look, first: Look) => boolean> = {
    [forgotten]: ({ oldest }) => !oldest,
    "nine tenths of the heap are alive": ({ live }) => live > 0.9 * heapMiB,
    "one takes twice as long to open as the first ones": ({ toOpen }, first) => toOpen > 2 * first.toOpen,
    "so many were to be opened at most": ({ sessions }) => sessions >= mostSessions,
};

/** More and more sessions that are left open, until one fails or another of `ends` has come. */
async function sessionsAtRest(server: MeasuredServer): Promise<void> {
    const of = `Spark ${server.version}`;
    const seen: Pick<Look, "sessions" | "live">[] = [{ sessions: 0, live: await server.liveMiB() }];
    const end = await openUntilTheEnd(server, (look) => {
        seen.push(look);
        console.log(`${look.sessions} sessions: ${look.live.toFixed(0)} MiB alive, ${look.toOpen.toFixed(2)} s to open one (${of})`);
    });
    console.log(`then: ${end} (${of})`);
    const { slope, base } = line(seen);
    print({ name: `alive on the heap without sessions, ${of}`, unit: "MiB", value: base });
    print({ name: `of a session at rest, ${of}`, unit: "KiB", value: slope * 1024 });
    if (end !== forgotten) {
        print({
            name: `sessions that fit into nine tenths of a GiB, by these two, ${of}`,
            unit: "",
            value: (0.9 * heapMiB - base) / slope,
        });
    }
}

/** @returns What ended it. */
async function openUntilTheEnd(server: MeasuredServer, report: (look: Look) => void): Promise<string> {
    const restarts = await server.restarts();
    const names: string[] = [];
    let first: Look | undefined;
    for (;;) {
        const more = Array.from({ length: sessionsAtOnce }, () => randomUUID());
        const { median: toOpen, failed } = await server.run<Opened>("open", ...more);
        if (failed !== null || (await server.restarts()) > restarts) {
            return failed ?? "the server was started again";
        }
        names.push(...more);
        const { kept } = await server.run<{ kept: number }>("kept", names[0] ?? "");
        const look = { sessions: names.length, live: await server.liveMiB(), toOpen, oldest: kept === 1 };
        report(look);
        first ??= look;
        for (const [end, hasCome] of Object.entries(ends)) {
            if (hasCome(look, first)) {
                return end;
            }
        }
    }
}

/** The straight line through what was seen, by least squares. */
function line(points: { sessions: number; live: number }[]): { slope: number; base: number } {
    const mean = (of: (point: { sessions: number; live: number }) => number) =>
        points.reduce((sum, point) => sum + of(point), 0) / points.length;
    const [x, y] = [mean(({ sessions }) => sessions), mean(({ live }) => live)];
    const slope = mean(({ sessions, live }) => (sessions - x) * (live - y)) / mean(({ sessions }) => (sessions - x) ** 2);
    return { slope, base: y - slope * x };
}
