import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import type { SparkConf } from "../internal/spark-properties";
import { structure } from "../internal/structure";
import { existingObject } from "../internal/values";
import type { KerberosIdentity } from "./connections";

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** An identity whose values are known. */
export type KerberosFacts = pulumi.Unwrap<KerberosIdentity>;

export const keytabKey = "keytab";
export const krb5Key = "krb5.conf";
export const keytabFile = "/etc/kerberos/keytab";
/** Where Java looks for it unasked. */
const krb5File = "/etc/krb5.conf";

export const kerberosPrincipal: Check<string> = (value) =>
    /^[^\s@/]+(\/[^\s@/]+)?@[^\s@/]+$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not a principal; write it like "spark@EXAMPLE.COM" or "hive/host@EXAMPLE.COM"`;

export const kerberosIdentity = structure<KerberosFacts>(
    { principal: kerberosPrincipal, keytabSecret: existingObject, configMap: existingObject, servicePrincipal: kerberosPrincipal },
    { needed: ["principal", "keytabSecret", "configMap"] },
);

const identities = new WeakMap<object, KerberosIdentity>();

/**
 * A connection that says beforehand who its clients are: whether there is an identity decides which volumes they have, and what is inside an
 * output is known too late for that.
 */
export function withIdentity<T extends object>(connection: T, identity: KerberosIdentity | undefined): T {
    if (identity !== undefined) {
        identities.set(connection, identity);
    }
    return connection;
}

/** Who the clients of a connection are, as far as that is known beforehand: it is plain, or of a brick of this program. */
export function identityOf(
    connection: pulumi.Input<{ kerberos?: pulumi.Input<KerberosIdentity> }> | undefined,
): KerberosIdentity | undefined {
    if (connection === undefined || connection instanceof Promise || pulumi.Output.isInstance(connection)) {
        return connection && identities.get(connection);
    }
    const { kerberos } = connection;
    return pulumi.Output.isInstance(kerberos) || kerberos instanceof Promise ? undefined : kerberos;
}

interface IdentityFiles {
    keytabSecret: pulumi.Input<string>;
    configMap: pulumi.Input<string>;
}

/** The key and the realm's configuration as volumes of a pod. */
export function kerberosVolumes(identity?: IdentityFiles): k8s.types.input.core.v1.Volume[] {
    return identity === undefined
        ? []
        : [
              { name: "kerberos-keytab", secret: { secretName: identity.keytabSecret, items: [{ key: keytabKey, path: keytabKey }] } },
              ...realmVolumes(identity),
          ];
}

/** The same, as a container sees them. */
export function kerberosMounts(identity?: object): k8s.types.input.core.v1.VolumeMount[] {
    return identity === undefined
        ? []
        : [{ name: "kerberos-keytab", mountPath: "/etc/kerberos", readOnly: true }, ...realmMounts(identity)];
}

/** For executors, which have tokens and no key: Hadoop asks for the realm before it looks at either, and they would not start without it. */
export function realmVolumes(identity?: Pick<IdentityFiles, "configMap">): k8s.types.input.core.v1.Volume[] {
    return identity === undefined
        ? []
        : [{ name: "kerberos-config", configMap: { name: identity.configMap, items: [{ key: krb5Key, path: krb5Key }] } }];
}

export function realmMounts(identity?: object): k8s.types.input.core.v1.VolumeMount[] {
    return identity === undefined ? [] : [{ name: "kerberos-config", mountPath: krb5File, subPath: krb5Key, readOnly: true }];
}

/**
 * What a driver is told. It logs in with its key, gets tokens for the metastore and the file systems, hands them to its executors, and gets
 * new ones before they expire, for as long as it lives.
 */
export function kerberosConf({ principal }: KerberosFacts): SparkConf {
    return {
        "spark.kerberos.principal": principal,
        "spark.kerberos.keytab": keytabFile,
        "spark.hadoop.hadoop.security.authentication": "kerberos",
    };
}

/** Settings that an identity decides. File systems to get tokens for are the user's: spark.kerberos.access.hadoopFileSystems. */
export const kerberosOwnedKeys: Record<string, string> = {
    "spark.kerberos.principal": "metastore.kerberos.principal",
    "spark.kerberos.keytab": "metastore.kerberos.keytabSecret",
    "spark.hadoop.hadoop.security.authentication": "metastore.kerberos",
};

/**
 * Files that lie beside spark-defaults.conf: spark-submit logs in before it has made Hadoop's configuration of Spark's settings, and without
 * this it would believe that there is nothing to log in to.
 */
export function kerberosFiles(identity?: object): Record<string, string> {
    return identity === undefined ? {} : { "core-site.xml": hadoopXml({ "hadoop.security.authentication": "kerberos" }) };
}

/** A configuration file of Hadoop; sorted, so that equal settings give equal files. */
export function hadoopXml(settings: Record<string, string | number | boolean | undefined>): string {
    const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    const properties = Object.entries(settings)
        .filter(([, value]) => value !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `  <property><name>${escaped(name)}</name><value>${escaped(String(value))}</value></property>\n`);
    return `<?xml version="1.0"?>\n<configuration>\n${properties.join("")}</configuration>\n`;
}

/** Where the servers of the realm are only krb5.conf knows; a policy can name the port. */
export function toKdc(identity?: object): Egress[] {
    return identity === undefined
        ? []
        : [
              {
                  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
                  ports: ["TCP", "UDP"].map((protocol) => ({ protocol, port: 88 })),
              },
          ];
}
