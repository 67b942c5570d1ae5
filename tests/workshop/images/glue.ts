import { existsSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { machine, pythonPlatform } from "../../../sandbox/images/fetch";
import { hashOf } from "../../../sandbox/images/recipes";
import { cache, checkout } from "../../../sandbox/support/paths";

const port = 5055;

/** What leads the AWS SDK to the stand-in for Glue. */
export const glueEnvironment = {
    AWS_ENDPOINT_URL_GLUE: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "anybody",
    AWS_SECRET_ACCESS_KEY: "anything",
};

/** Starts the stand-in, whose packages lie in /opt/glue, and once it answers runs the arguments. */
export const withGlue = [
    `PYTHONPATH=/opt/glue python3 -c 'from moto.server import main; main(["-p", "${port}"])' >/tmp/glue.log 2>&1 &`,
    `until python3 -c 'import socket; socket.create_connection(("127.0.0.1", ${port}))' 2>/dev/null; do sleep 0.5; done`,
    'exec "$@"',
].join("\n");

/** Moto, which plays AWS, from PyPI: a folder for the Python of the images. */
export async function gluePackages(): Promise<string> {
    const lock = join(checkout, "tests/fixtures/glue/requirements.lock");
    const folder = join(cache, "python", `glue-${hashOf([await readFile(lock)])}`);
    if (!existsSync(folder)) {
        const unfinished = `${folder}-${process.pid}`;
        await execa("python3", [
            ...["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--root-user-action=ignore"],
            ...["--requirement", lock, "--target", unfinished, ...pythonPlatform(machine)],
        ]);
        await rename(unfinished, folder);
    }
    return folder;
}
