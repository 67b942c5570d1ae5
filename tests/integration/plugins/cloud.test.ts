import assert from "node:assert/strict";

import { isStandIn, Project } from "./project";

describe("the stand-in for the aws plugin", () => {
    const project = new Project("cloud");

    before(async function () {
        if (!isStandIn("aws")) {
            console.log("      skipped: the official aws plugin is used here, and there is no account to try it on");
            this.skip();
        }
        await project.init();
    });

    after(async () => {
        await project.remove();
    });

    it("previews", async () => {
        const { exitCode, text } = await project.preview();
        assert.equal(exitCode, 0, text);
        assert.match(text, /aws:s3:Bucket logs create/);
        assert.match(text, /aws:s3:BucketVersioning versions create/);
        assert.match(text, /arn: \[unknown\]/);
    });

    it("says that it cannot create", async () => {
        const { exitCode, text } = await project.up();
        assert.notEqual(exitCode, 0);
        assert.match(text, /makes previews only and cannot create aws:s3\/bucket:Bucket: install the official plugin/);
    });
});
