import assert from "node:assert/strict";
import { join } from "node:path";

import { Project } from "../plugins/project";

describe("bricks of AWS in the real engine", () => {
    const project = new Project("aws", "test", join(__dirname, "programs"));

    before(async () => {
        await project.init();
    });

    after(async () => {
        await project.remove();
    });

    it("are previewed whole, and none of their resources escapes to a default provider", async () => {
        const { exitCode, text } = await project.preview();
        assert.equal(exitCode, 0, text);
        const created = (type: string) => text.split("\n").filter((line) => line.includes(` ${type} `) && line.includes("create")).length;
        assert.deepEqual(
            ["aws:s3:Bucket", "aws:s3:BucketPolicy", "aws:iam:Role", "aws:eks:PodIdentityAssociation", "aws:rds:Instance"].map(created),
            [3, 3, 2, 1, 1],
            text,
        );
        assert.equal(created("kubernetes:batch/v1:CronJob"), 1, text);
        assert.match(text, /warehouse *: "s3a:\/\/acme-prod-warehouse\/tables"/);
        assert.match(text, /arn:aws:s3:::acme-prod-backups/);
    });
});
