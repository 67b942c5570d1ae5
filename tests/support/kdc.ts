import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { hashOf } from "../../sandbox/images/recipes";
import { kubectl } from "../../sandbox/support/kubectl";
import { cache } from "../../sandbox/support/paths";
import { keytabKey, krb5Key } from "../../components/spark/kerberos";
import { restrictedClient } from "./client-pod";
import { access } from "./platform";
import { sendFolder } from "./send-folder";
import { sparkImageOf } from "./spark-image";

const labels = { app: "kdc" };
/** Policies of the bricks name this port; the pod says that one may listen on it without any rights. */
const port = 88;
const home = "/tmp/kdc";
const configuration = "/etc/kdc";

/** What the server and its tools need beside the libraries of the Spark image. */
const packages = [
    "krb5-kdc",
    "krb5-admin-server",
    "libkdb5-10",
    "libkadm5srv-mit12",
    "libgssrpc4",
    "libverto1",
    "libverto-libev1",
    "libev4",
];

export const realm = "E2E.TEST";

/** How long a ticket is good for: short enough to see what happens afterwards. */
export const ticketSeconds = 120;

/** Labels that let a pod of the test through to the server; those of the bricks have a way of their own. */
export const kdcClientLabels = { "kdc-client": "true" };

/** ConfigMap with the `krb5.conf` of the realm. */
export const realmConfigMap = "krb5";

/** Programs and libraries of the server, as the packages of this machine's Debian have them, which is that of the image. */
async function programs(): Promise<string> {
    const directory = join(cache, "debian", `kdc-${hashOf([process.arch, ...packages])}`);
    if (!existsSync(directory)) {
        await mkdir(join(cache, "debian"), { recursive: true });
        const work = await mkdtemp(join(cache, "debian", "kdc-"));
        const [lists, archives, packed] = ["lists", "archives", "packed"].map((name) => join(work, name)) as [string, string, string];
        await Promise.all([lists, archives, packed].map((made) => mkdir(made)));
        // Lists of its own: those of the machine may be absent, and are not a test's to change.
        const options = ["--quiet", "--option", `Dir::State::Lists=${lists}`, "--option", `Dir::Cache=${archives}`];
        await execa("apt-get", [...options, "update"]);
        await execa("apt-get", [...options, "download", ...packages], { cwd: packed });
        for (const file of await readdir(packed)) {
            await execa("dpkg", ["-x", join(packed, file), join(work, "root")]);
        }
        await rename(join(work, "root/usr"), directory);
        await rm(work, { recursive: true });
    }
    return directory;
}

/** A Kerberos realm of the test's own: the server runs in a pod, on the libraries of the Spark image and its own beside them. */
export class Kdc {
    private constructor(private readonly namespace: string) {}

    /** Starts the server in a namespace that exists. */
    static async start(namespace: string): Promise<Kdc> {
        const on = ["-n", namespace];
        const items = [configMap(namespace), service, ...policies, pod()];
        await kubectl(access, ["apply", ...on, "-f", "-"], { input: JSON.stringify({ apiVersion: "v1", kind: "List", items }) });
        await kubectl(access, ["wait", ...on, "pod/kdc", "--for=jsonpath={.status.phase}=Running", "--timeout=120s"]);
        const kdc = new Kdc(namespace);
        await sendFolder(await programs(), { namespace, pod: "kdc", to: home });
        await kdc.run(`ln -s ${home}/lib/*-linux-gnu ${home}/libraries`);
        await kdc.run(`${home}/sbin/kdb5_util create -s -r ${realm} -P ${randomBytes(16).toString("hex")}`);
        await kdc.run(`touch ${home}/complete`);
        await kubectl(access, ["wait", ...on, "pod/kdc", "--for=condition=Ready", "--timeout=60s"]);
        return kdc;
    }

    private run(script: string): Promise<string> {
        return kubectl(access, ["exec", "-n", this.namespace, "kdc", "--", "/bin/sh", "-c", script]);
    }

    private async keytab(principals: string[]): Promise<string> {
        const all = principals.join(" ");
        await this.run(`cd ${home} && rm -f made.keytab && ${home}/sbin/kadmin.local -q "ktadd -k made.keytab ${all}"`);
        return this.run(`base64 -w 0 ${home}/made.keytab`);
    }

    /** Makes principals, for example `spark` or `hive/host`, and a Secret with the keys of all of them. */
    async principals(secret: string, names: string[]): Promise<void> {
        for (const name of names) {
            await this.run(`${home}/sbin/kadmin.local -q "addprinc -randkey ${name}"`);
        }
        await this.writeKeytab(secret, await this.keytab(names));
    }

    /** Copies a principal's key into another Secret and gives the principal a new one: the copy is worth nothing any more. */
    async outdatedKeytab(secret: string, name: string): Promise<void> {
        await this.run(`${home}/sbin/kadmin.local -q "addprinc -randkey ${name}"`);
        await this.writeKeytab(secret, await this.keytab([name]));
        await this.keytab([name]);
    }

    private async writeKeytab(name: string, keytab: string): Promise<void> {
        const secret = { apiVersion: "v1", kind: "Secret", metadata: { name }, data: { [keytabKey]: keytab } };
        await kubectl(access, ["apply", "-n", this.namespace, "-f", "-"], { input: JSON.stringify(secret) });
    }

    /** When a principal logged in, in seconds since 1970: all times so far, or those whose ticket then served to get one for a service. */
    async logins(principal: string, service = "krbtgt"): Promise<number[]> {
        const log = await kubectl(access, ["logs", "-n", this.namespace, "kdc"]);
        const issued = new RegExp(`ISSUE: authtime (\\d+), .* ${principal}@${realm} for ${service}/`, "g");
        return [...log.matchAll(issued)].map(([, time]) => Number(time)).sort();
    }
}

const pod = () => {
    const made = restrictedClient("kdc", sparkImageOf("4.1.0"));
    Object.assign(made.metadata.labels, labels);
    Object.assign(made.spec.securityContext, { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: String(port) }] });
    Object.assign(made.spec.containers[0]!, {
        args: ["/bin/sh", "-c", `mkdir ${home}; until [ -e ${home}/complete ]; do sleep 1; done; exec ${home}/sbin/krb5kdc -n`],
        env: Object.entries({
            KRB5_CONFIG: `${configuration}/${krb5Key}`,
            KRB5_KDC_PROFILE: `${configuration}/kdc.conf`,
            LD_LIBRARY_PATH: `${home}/libraries`,
        }).map(([name, value]) => ({ name, value })),
        readinessProbe: { tcpSocket: { port }, periodSeconds: 2 },
        volumeMounts: [{ name: "configuration", mountPath: configuration, readOnly: true }],
    });
    Object.assign(made.spec, { volumes: [{ name: "configuration", configMap: { name: realmConfigMap } }] });
    return made;
};

const configMap = (namespace: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: realmConfigMap },
    data: {
        [krb5Key]: `[libdefaults]
    default_realm = ${realm}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    renew_lifetime = 1h
[realms]
    ${realm} = {
        kdc = kdc.${namespace}.svc:${port}
    }
`,
        "kdc.conf": `[kdcdefaults]
    kdc_listen = ${port}
    kdc_tcp_listen = ${port}
[realms]
    ${realm} = {
        database_name = ${home}/principal
        key_stash_file = ${home}/stash
        acl_file = ${home}/kadm5.acl
        max_life = ${ticketSeconds}s
        max_renewable_life = 1h
    }
[dbmodules]
    db_module_dir = ${home}/libraries/krb5/plugins/kdb
[logging]
    kdc = STDERR
`,
    },
});

const ports = ["TCP", "UDP"].map((protocol) => ({ name: protocol.toLowerCase(), protocol, port }));
const policyPorts = ports.map(({ protocol }) => ({ protocol, port }));

const service = { apiVersion: "v1", kind: "Service", metadata: { name: "kdc" }, spec: { selector: labels, ports } };

const policies = [
    {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "kdc" },
        spec: {
            podSelector: { matchLabels: labels },
            policyTypes: ["Ingress"],
            ingress: [{ from: [{ podSelector: {} }], ports: policyPorts }],
        },
    },
    {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "kdc-clients" },
        spec: {
            podSelector: { matchLabels: kdcClientLabels },
            policyTypes: ["Egress"],
            egress: [{ to: [{ podSelector: { matchLabels: labels } }], ports: policyPorts }],
        },
    },
];
