import { Listr, PRESET_TIMER, type ListrTask } from "listr2";

/** A step: its title while it runs, its work, and nothing else. What the work returns replaces the title ("etcd: found 3.6.7"). */
export interface Step {
    title: string;
    /** Returns a line that says what came of it, or nothing. */
    run: (report: (line: string) => void) => Promise<string | undefined> | Promise<void>;
}

/**
 * Runs steps one after the other, one line each when it starts and one with the elapsed time when it ends.
 *
 * @throws What the first failing step threw; later steps do not run.
 */
export async function runSteps(steps: Step[]): Promise<void> {
    let failure: unknown;
    const tasks: ListrTask[] = steps.map(({ title, run }) => ({
        title,
        task: async (_, task) => {
            const said = await run((line) => (task.output = line)).catch((error: unknown) => {
                failure = error;
                throw new Error("see below");
            });
            if (typeof said === "string") {
                task.title = `${title}: ${said}`;
            }
        },
    }));
    const list = new Listr(tasks, {
        renderer: "simple",
        rendererOptions: { timer: PRESET_TIMER },
        registerSignalListeners: false,
    });
    // The list would print the message inside its own line; it is often longer than that, so the caller gets to print it.
    await list.run().catch((error: unknown) => {
        throw failure ?? error;
    });
}
