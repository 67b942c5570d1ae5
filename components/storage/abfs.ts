import type { Check } from "../internal/checks";
import type { SparkConf } from "../internal/spark-properties";
import type { SparkLine } from "../internal/spark-versions";

/** How to reach Azure's data lake storage: by the workload identity of the pods' account, so without any key. */
export interface AbfsConnection {
    /** Name of the storage account. */
    account: string;
    /** Client id of the identity that the pods' service account is federated with. */
    clientId: string;
    /** Id of the tenant. */
    tenantId: string;
}

const guid = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

export const abfsConnection: Check<AbfsConnection> = ({ account, clientId, tenantId }) => {
    if (!/^[a-z0-9]{3,24}$/.test(account)) {
        return `account ${JSON.stringify(account)} is not a storage account; use 3 to 24 lower-case letters and digits`;
    }
    const [wrong] = Object.entries({ clientId, tenantId }).filter(([, id]) => !guid.test(id));
    return wrong && `${wrong[0]} ${JSON.stringify(wrong[1])} is not an id like "11111111-2222-3333-4444-555555555555"`;
};

/** What an image needs beside Spark, of the very Hadoop that the line has, with its dependencies. */
export const abfsJar = ({ hadoop }: SparkLine): string => `org.apache.hadoop:hadoop-azure:${hadoop}`;

/** Hadoop 3.3, which Spark 3.5 has, asks Azure for tokens of virtual machines only: pods there would all be the same identity. */
export const abfsLine: Check<SparkLine> = ({ tested, hadoop }) =>
    hadoop.startsWith("3.3.")
        ? `Spark ${tested} with Hadoop ${hadoop} knows no workload identity of Azure; use Spark 4.1 or later`
        : undefined;

/** Settings for abfss:// paths, to be given as a brick's `sparkConf`. The token's file is where Azure's webhook puts it. */
export function abfsConf({ account, clientId, tenantId }: AbfsConnection): SparkConf {
    const of = (key: string) => `spark.hadoop.fs.azure.account.${key}.${account}.dfs.core.windows.net`;
    return {
        [of("auth.type")]: "OAuth",
        [of("oauth.provider.type")]: "org.apache.hadoop.fs.azurebfs.oauth2.WorkloadIdentityTokenProvider",
        [of("oauth2.client.id")]: clientId,
        [of("oauth2.msi.tenant")]: tenantId,
        [of("oauth2.token.file")]: "/var/run/secrets/azure/tokens/azure-identity-token",
    };
}
