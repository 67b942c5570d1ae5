import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { addresses, dataPaths, names } from "./layout";

/** A certificate: whom it names, and for a server the names it is reached by. */
interface Certificate {
    name: string;
    authority: "ca" | "front-proxy-ca";
    /** As openssl writes a subject: "/O=group/CN=user". */
    subject: string;
    serves?: string[];
}

const client = (name: string, user: string, group?: string): Certificate => ({
    name,
    authority: "ca",
    subject: `${group === undefined ? "" : `/O=${group}`}/CN=${user}`,
});

/** People and programs, each with a kubeconfig of its name. */
export const users = [
    client("admin", "admin", "system:masters"),
    client("kube-controller-manager", "system:kube-controller-manager"),
    client("kube-scheduler", "system:kube-scheduler"),
    client("kube-proxy", "system:kube-proxy"),
    client("kubelet", `system:node:${names.node}`, "system:nodes"),
    client("kube-router", "spark-platform:kube-router"),
    client("metrics-server", "spark-platform:metrics-server"),
    client("volume-provisioner", "spark-platform:volume-provisioner"),
];

const certificates: Certificate[] = [
    ...users,
    client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", "system:masters"),
    { name: "front-proxy-client", authority: "front-proxy-ca", subject: "/CN=front-proxy-client" },
    {
        name: "apiserver",
        authority: "ca",
        subject: "/CN=kube-apiserver",
        serves: [
            ...["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"].map(
                (name) => `DNS:${name}`,
            ),
            `IP:${addresses.apiService}`,
            `IP:${addresses.host}`,
        ],
    },
    { name: "kubelet-server", authority: "ca", subject: `/CN=${names.node}`, serves: [`DNS:${names.node}`, `IP:${addresses.host}`] },
    { name: "metrics-server-server", authority: "ca", subject: "/CN=metrics-server", serves: ["DNS:metrics-server.kube-system.svc"] },
];

const days = "3650";

export const certificateFile = (name: string) => join(dataPaths.pki, `${name}.crt`);
export const keyFile = (name: string) => join(dataPaths.pki, `${name}.key`);
export const serviceAccountKeys = { private: keyFile("service-account"), public: join(dataPaths.pki, "service-account.pub") };

/** Makes what is missing. The authorities stay the same for the life of the data, or every pod's trust would break. */
export async function ensureCertificates(): Promise<void> {
    await mkdir(dataPaths.pki, { recursive: true, mode: 0o700 });
    // Without a configuration of its own openssl reads the machine's, which adds extensions.
    const configuration = join(dataPaths.pki, "openssl.cnf");
    await writeFile(configuration, "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\n");
    await Promise.all((["ca", "front-proxy-ca"] as const).map((name) => ensureAuthority(name, configuration)));
    await ensureServiceAccountKeys();
    await Promise.all(certificates.map((certificate) => ensureCertificate(certificate, configuration)));
}

async function ensureAuthority(name: string, configuration: string): Promise<void> {
    if (!existsSync(certificateFile(name))) {
        const extensions = [
            "basicConstraints=critical,CA:TRUE",
            "keyUsage=critical,digitalSignature,keyCertSign",
            "subjectKeyIdentifier=hash",
        ];
        await request(name, `/CN=spark-platform-sandbox-${name}`, extensions, configuration);
    }
}

async function ensureCertificate(certificate: Certificate, configuration: string): Promise<void> {
    const { name, authority, subject, serves } = certificate;
    const mark = join(dataPaths.pki, `${name}.spec`);
    const spec = createHash("sha256").update(JSON.stringify(certificate)).digest("hex");
    if (existsSync(mark) && (await readFile(mark, "utf8")) === spec) {
        return;
    }
    const extensions = [
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature",
        `extendedKeyUsage=${serves === undefined ? "clientAuth" : "serverAuth"}`,
        ...(serves === undefined ? [] : [`subjectAltName=${serves.join(",")}`]),
    ];
    await request(name, subject, extensions, configuration, ["-CA", certificateFile(authority), "-CAkey", keyFile(authority)]);
    await writeFile(mark, spec);
}

async function request(name: string, subject: string, extensions: string[], configuration: string, signer: string[] = []): Promise<void> {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", keyFile(name)];
    const added = extensions.flatMap((extension) => ["-addext", extension]);
    const args = [
        "req",
        "-x509",
        "-config",
        configuration,
        ...key,
        "-subj",
        subject,
        "-days",
        days,
        ...added,
        ...signer,
        "-out",
        certificateFile(name),
    ];
    // openssl makes key files readable by their owner only.
    await execa("openssl", args);
}

async function ensureServiceAccountKeys(): Promise<void> {
    if (existsSync(serviceAccountKeys.public)) {
        return;
    }
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await writeFile(serviceAccountKeys.private, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    await writeFile(serviceAccountKeys.public, publicKey.export({ type: "spki", format: "pem" }));
}
