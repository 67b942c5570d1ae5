import { execa } from "execa";
import assert from "node:assert/strict";
import { join } from "node:path";

import { images } from "../../../sandbox/images/recipes";

describe("programs inside the images, by themselves", () => {
    it("the event log uploader plans and copies as its own tests say", async () => {
        const { all, exitCode } = await execa("python3", ["-m", "unittest", "discover", join(images, "spark/tests")], {
            all: true,
            reject: false,
            env: { PYTHONDONTWRITEBYTECODE: "1" },
        });
        assert.equal(exitCode, 0, all);
        assert.match(all, /Ran \d\d+ tests/);
    });

    it("the backup program keeps and refuses as its own tests say", async () => {
        const { all, exitCode } = await execa("python3", ["-m", "unittest", "discover", join(images, "backup/tests")], {
            all: true,
            reject: false,
            env: { PYTHONDONTWRITEBYTECODE: "1" },
        });
        assert.equal(exitCode, 0, all);
        assert.match(all, /Ran \d\d tests/);
    });
});
