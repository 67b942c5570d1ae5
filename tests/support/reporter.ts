import { writeFileSync } from "node:fs";

import { reporters, type MochaOptions, type Runner } from "mocha";

/** What a suite counted, for the one line at the end of `make test`. */
export interface Counted {
    passed: number;
    failed: number;
    skipped: number;
}

/** Mocha's own `spec` output; the counts go to the file that `SUITE_COUNTS` names, too. */
module.exports = class extends reporters.Spec {
    constructor(runner: Runner, options: MochaOptions) {
        super(runner, options);
        runner.once("end", () => {
            const counted: Counted = { passed: this.stats.passes, failed: this.stats.failures, skipped: this.stats.pending };
            if (process.env.SUITE_COUNTS !== undefined) {
                writeFileSync(process.env.SUITE_COUNTS, JSON.stringify(counted));
            }
        });
    }
};
