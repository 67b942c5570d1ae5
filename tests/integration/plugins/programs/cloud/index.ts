import * as aws from "@pulumi/aws";

const provider = new aws.Provider("cloud", { region: "eu-central-1" });
const bucket = new aws.s3.Bucket("logs", { bucket: "plugins-cloud-logs" }, { provider });
new aws.s3.BucketVersioning("versions", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } }, { provider });
export const arn = bucket.arn;
