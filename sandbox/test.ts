import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import type { Counted } from "../tests/support/reporter";
import { imageNames } from "./images";
import { checkout } from "./support/paths";
import { furtherTools, sandboxTools } from "./toolchain";
import { isOwnCluster } from "./up/own-cluster";
import { prepare, type Prepared } from "./up/prepare";

/** Images that only the long tests run would take longer to build than all the rest of this. */
const testedImages = imageNames.filter((name) => !/^(airflow|hive|jupyter-hub|jupyter-lab|mlflow|spark-operator)\b/.test(name));

/**
 * What must hold after every change, in the order of its price. Types and style first, since a suite says little about code
 * that does not compile; then the suites, all of them, even when one fails. Ends with the one line that counts.
 */
export async function test(): Promise<void> {
    refuseOwnCluster();
    for (const script of ["typecheck", "lint"]) {
        console.log(`npm run ${script}`);
        await execa("npm", ["run", "--silent", script], { cwd: checkout, stdio: "inherit" });
    }
    const unit = await run("unit", {});
    const prepared = await prepare({ images: testedImages, tools: [...sandboxTools, "helm"] });
    conclude([unit, ...(await runOn(prepared, ["integration", "e2e"]))]);
}

/** The tests that are too long for every change: every end-to-end test, and those of the sandbox, the images and the extensions. */
export async function endToEnd(): Promise<void> {
    refuseOwnCluster();
    const prepared = await prepare({ images: imageNames, tools: [...sandboxTools, ...furtherTools] });
    conclude(await runOn(prepared, ["workshop", "e2e", "e2e-long"]));
}

function refuseOwnCluster(): void {
    if (isOwnCluster()) {
        throw new Error(
            "KUBECONTEXT: the tests make and delete namespaces and resource definitions, so they run in the sandbox only; leave it out",
        );
    }
}

async function runOn({ env, release }: Prepared, suites: string[]): Promise<Counted[]> {
    const counts: Counted[] = [];
    try {
        for (const suite of suites) {
            counts.push(await run(suite, env));
        }
    } finally {
        await release();
    }
    return counts;
}

function conclude(counts: Counted[]): void {
    const sum = (field: keyof Counted) => counts.reduce((total, each) => total + each[field], 0);
    console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
    process.exitCode = sum("failed") > 0 ? 1 : 0;
}

/** Only the unit tests are to see every line (.c8rc.json says how many); the others look at what the lines make. */
const withCoverage = (suite: string) => (suite === "unit" ? ["c8"] : []);

/** Runs one suite in a process of its own. One that dies without a count has failed, and one that ends badly whatever it counted. */
async function run(suite: string, env: Record<string, string>): Promise<Counted> {
    const started = Date.now();
    const directory = await mkdtemp(join(tmpdir(), "spark-platform-test-"));
    const file = join(directory, "counts.json");
    try {
        const mocha = ["mocha", "--config", `tests/${suite}/.mocharc.json`, "--reporter", "tests/support/reporter.ts"];
        const { exitCode } = await execa("npx", [...withCoverage(suite), ...mocha], {
            cwd: checkout,
            stdio: "inherit",
            env: { ...env, SUITE_COUNTS: file },
            reject: false,
        });
        console.log(`${suite}: ${Math.round((Date.now() - started) / 1000)} s`);
        const written = await readFile(file, "utf8").catch(() => undefined);
        const counted = written === undefined ? { passed: 0, failed: 1, skipped: 0 } : (JSON.parse(written) as Counted);
        return { ...counted, failed: exitCode === 0 ? counted.failed : Math.max(1, counted.failed) };
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}
