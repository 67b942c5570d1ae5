import assert from "node:assert/strict";
import { join } from "node:path";

import { kubectl } from "../../sandbox/support/kubectl";
import { Program } from "../support/program";
import { access } from "../support/platform";

const namespace = "spark-e2e-store";
const program = new Program(join(__dirname, "programs/store"), { NAMESPACE: namespace });

/** The keys in the Secret that clients are told to use. */
async function keys(): Promise<{ secret: string; accessKey: string; secretKey: string }> {
    const { credentialsSecret: secret } = await program.outputs<{ credentialsSecret: string }>();
    const found = await kubectl(access, ["get", "secret", secret, "-n", namespace, "-o", "json"]);
    const { data } = JSON.parse(found) as { data: Record<string, string> };
    const read = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
    return { secret, accessKey: read("access-key"), secretKey: read("secret-key") };
}

/** What the store answers to whoever has these keys: its buckets, or why not. */
async function bucketsFor({ accessKey, secretKey }: { accessKey: string; secretKey: string }): Promise<string> {
    const script = `
import sys
from minio import Minio, S3Error
access, secret = sys.stdin.read().split()
try:
    store = Minio("127.0.0.1:9000", access_key=access, secret_key=secret, secure=False)
    print(",".join(bucket.name for bucket in store.list_buckets()))
except S3Error as error:
    print(error.code)
`;
    const pod = ["exec", "-i", "-n", namespace, "team-store-0", "--", "python3", "-c", script];
    return (await kubectl(access, pod, { input: `${accessKey} ${secretKey}` })).trim();
}

describe("the object store", () => {
    before(async () => {
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        await program.init();
        await program.up();
    });

    after(() => program.remove());

    it("makes a bucket that is asked for later, and keeps the others", async () => {
        const before = await keys();
        assert.equal(await bucketsFor(before), "spark-logs,warehouse");
        await program.up({ BUCKETS: "warehouse,scratch" });
        assert.deepEqual(await keys(), before);
        assert.equal(await bucketsFor(before), "scratch,spark-logs,warehouse");
    });

    it("takes new keys, under a new name, and refuses the old ones", async () => {
        const before = await keys();
        await program.run(["up", "--yes", "--skip-preview", "--replace", "**team-secret-key"], { BUCKETS: "warehouse,scratch" });
        const now = await keys();
        assert.equal(now.accessKey, before.accessKey);
        assert.notEqual(now.secret, before.secret);
        assert.equal(await bucketsFor(now), "scratch,spark-logs,warehouse");
        assert.equal(await bucketsFor(before), "SignatureDoesNotMatch");
    });

    it("is set up again on an empty volume, when the first is gone", async () => {
        await kubectl(access, ["scale", "statefulset", "team-store", "-n", namespace, "--replicas=0"]);
        await kubectl(access, ["delete", "pvc", "team-store", "-n", namespace, "--wait"]);
        const { exitCode, text } = await program.run(["up", "--yes", "--skip-preview", "--refresh"], { BUCKETS: "warehouse,scratch" });
        assert.equal(exitCode, 0, text);
        assert.equal(await bucketsFor(await keys()), "scratch,spark-logs,warehouse");
    });
});
