import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Compares a whole text with a committed file; `UPDATE_SNAPSHOTS=1 npm run test:unit` writes the file anew, for a review of the difference. */
export function assertSame(text: string, file: string): void {
    if (process.env.UPDATE_SNAPSHOTS) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
    }
    assert.ok(existsSync(file), `${file} is missing`);
    assert.equal(text, readFileSync(file, "utf8"));
}
