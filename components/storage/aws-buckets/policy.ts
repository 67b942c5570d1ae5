import type { Statement } from "../../internal/aws";

const onlyEncrypted = { Bool: { "aws:SecureTransport": "false" } };
const oldTls = { NumericLessThan: { "s3:TlsVersion": "1.2" } };

/** Nobody, whatever their own rights, talks to the bucket in the clear or over a TLS that has been broken. */
export function tlsOnly(bucketArn: string): Statement[] {
    const refused = (Sid: string, Condition: Statement["Condition"]): Statement => ({
        Sid,
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition,
    });
    return [refused("OnlyEncryptedConnections", onlyEncrypted), refused("OnlyTls12AndLater", oldTls)];
}
