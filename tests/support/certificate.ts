import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

/** A key and a certificate that it signed itself, as a Secret of the type kubernetes.io/tls has them. */
export async function certificateFor(...hosts: string[]): Promise<{ "tls.crt": string; "tls.key": string }> {
    const directory = await mkdtemp(join(tmpdir(), "certificate-"));
    const [key, certificate] = [join(directory, "tls.key"), join(directory, "tls.crt")];
    try {
        await execa("openssl", [
            ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"],
            ...["-addext", `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}`],
            ...["-keyout", key, "-out", certificate],
        ]);
        return { "tls.crt": await readFile(certificate, "utf8"), "tls.key": await readFile(key, "utf8") };
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}
