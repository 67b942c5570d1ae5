import assert from "node:assert/strict";

import { sparkLine } from "../../../components/internal/spark-versions";
import { abfsConf, abfsConnection, abfsJar, abfsLine } from "../../../components/storage/abfs";
import { gcsConf, gcsConnection } from "../../../components/storage/gcs";

const azure = {
    account: "acmedata",
    clientId: "11111111-2222-3333-4444-555555555555",
    tenantId: "66666666-2222-3333-4444-555555555555",
};

describe("Stores of other clouds", () => {
    it("reads Google Cloud Storage as the pod's own account", () => {
        assert.deepEqual(gcsConf({ projectId: "acme-data" }), {
            "spark.hadoop.fs.gs.impl": "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem",
            "spark.hadoop.fs.AbstractFileSystem.gs.impl": "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFS",
            "spark.hadoop.fs.gs.project.id": "acme-data",
            "spark.hadoop.fs.gs.auth.type": "COMPUTE_ENGINE",
        });
        assert.equal(gcsConnection({ projectId: "acme-data" }), undefined);
        assert.match(gcsConnection({ projectId: "Acme" }) ?? "", /projectId "Acme" is not a project/);
    });

    it("reads Azure's data lake as the pod's own account", () => {
        const of = (key: string) => `spark.hadoop.fs.azure.account.${key}.acmedata.dfs.core.windows.net`;
        assert.deepEqual(abfsConf(azure), {
            [of("auth.type")]: "OAuth",
            [of("oauth.provider.type")]: "org.apache.hadoop.fs.azurebfs.oauth2.WorkloadIdentityTokenProvider",
            [of("oauth2.client.id")]: azure.clientId,
            [of("oauth2.msi.tenant")]: azure.tenantId,
            [of("oauth2.token.file")]: "/var/run/secrets/azure/tokens/azure-identity-token",
        });
        assert.equal(abfsConnection(azure), undefined);
        assert.match(abfsConnection({ ...azure, account: "Acme" }) ?? "", /account "Acme" is not a storage account/);
        assert.match(abfsConnection({ ...azure, tenantId: "us" }) ?? "", /tenantId "us" is not an id/);
    });

    it("says that Spark 3.5 cannot, and names the jar of the line's own Hadoop", () => {
        assert.equal(
            abfsLine(sparkLine("3.5.7")),
            "Spark 3.5.7 with Hadoop 3.3.4 knows no workload identity of Azure; use Spark 4.1 or later",
        );
        assert.equal(abfsLine(sparkLine("4.1.0")), undefined);
        assert.equal(abfsJar(sparkLine("4.1.0")), "org.apache.hadoop:hadoop-azure:3.4.2");
    });
});
