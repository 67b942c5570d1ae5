import { fields, type BrickCorpus, type Wrong, type Wrongs } from "./wrong";
import { ciphertext, providers } from "./secrets";
import * as values from "./wrong-values";

/** Wrong values of what stands around Spark: the way in, secrets, dashboards, and the add-ons of a cluster. */

const { annotations, count, label, labels, labelValues, object, size, time, url } = values;
const namespace = "team-a";

export const observability: BrickCorpus = {
    args: { namespace },
    cases: [
        {
            lines: fields({
                namespace: label,
                "objectives.available": [
                    100,
                    "100 is not a percentage from 50 to less than 100: with 100 every error would be one too many",
                ],
                "objectives.succeeded": [
                    0.99,
                    "0.99 is not a percentage from 50 to less than 100: with 100 every error would be one too many",
                ],
                ruleLabels: labels,
                dashboardLabels: labelValues,
                dashboardNamespace: label,
            }),
        },
    ],
};

const routes = { history: { host: "history.example.org", url: "http://h-history.team-a.svc:18080" } };

export const ingress: BrickCorpus = {
    args: { namespace, ingressClass: "web", tls: { issuer: "letsencrypt" }, routes },
    cases: [
        {
            lines: fields(
                {
                    ingressClass: label,
                    "tls.issuer": object,
                    "tls.issuerKind": ["Authority", '"Authority" is not a kind of issuer; write "Issuer" or "ClusterIssuer"'],
                    "routes.*.host": values.host,
                    "routes.*.url": [
                        "https://history.example.org",
                        '"https://history.example.org" is not the URL of a Service; write it like "http://history.team-a.svc:18080" or "sc://connect.team-a.svc:15002"',
                    ],
                    "routes.*.annotations": annotations,
                },
                '["history"]',
            ),
        },
        { base: { tls: { secret: "wildcard" } }, lines: fields({ "tls.secret": object }) },
        {
            base: { ingressClass: undefined, gatewayClass: "edge" },
            lines: [
                ...fields({ gatewayClass: label }),
                // Two ways to encrypt at a time.
                {
                    path: "tls.terminatedElsewhere",
                    value: true,
                    says: "tls: has 2 of secret, issuer and terminatedElsewhere; give exactly one",
                },
                {
                    path: "routes.*.grpc",
                    value: true,
                    says: 'routes["history"].url: "http://h-history.team-a.svc:18080" is no gRPC server; set grpc to false',
                },
                {
                    path: "namespace",
                    value: "team-b",
                    says: 'routes["history"].url: leads to the namespace "team-a"; routes lead to Services of their own, which is "team-b"',
                },
            ],
        },
        {
            base: { ingressClass: undefined, tls: undefined, gateway: { name: "edge" } },
            lines: fields({ "gateway.name": label, "gateway.namespace": label, "gateway.listener": label }),
        },
    ],
};

const vaultPath: Wrong = ["/secret/", '"/secret/" is not a path in Vault; write it like "team/secret"'];
const id: Wrong = ["reader", '"reader" is not an id like "11111111-2222-3333-4444-555555555555"'];

const wrongOfProviders: Record<string, Wrongs> = {
    generated: { length: [8, "8 is not a whole number between 16 and 128"], rotation: count() },
    aws: {
        region: ["europe", '"europe" is not a region of AWS; write it like "eu-central-1"'],
        roleArn: ["reader", '"reader" is not an ARN of iam; write it like "arn:aws:iam::111122223333:role/secrets"'],
        refresh: time,
    },
    vault: {
        server: url,
        role: ["", "is missing"],
        path: vaultPath,
        mount: vaultPath,
        vaultNamespace: vaultPath,
        caSecret: label,
        refresh: time,
    },
    azure: { vaultUrl: url, clientId: id, tenantId: id, refresh: time },
    gcp: {
        projectId: ["42", '"42" is not a project; use 6 to 30 lower-case letters, digits and "-"'],
        clusterName: label,
        clusterLocation: label,
        serviceAccountEmail: [
            "reader@example.org",
            '"reader@example.org" is not a service account; write it like "reader@project.iam.gserviceaccount.com"',
        ],
        refresh: time,
    },
    ibm: { serviceUrl: url, apiKeySecret: object, refresh: time },
    vaultAgent: { server: url, role: ["", "is missing"], path: vaultPath, mount: vaultPath, vaultNamespace: vaultPath },
};

const secrets = { s3: { keys: ["access-key", "secret-key"] }, db: { keys: ["password"] } };

export const platformSecrets: BrickCorpus = {
    args: { namespace, environment: "prod", secrets },
    cases: [
        {
            lines: fields(
                {
                    namespace: label,
                    environment: label,
                    "secrets.*.keys": [["access key"], '"access key" is not a key of a Secret; use letters, digits, "-", "_" and "."'],
                    "secrets.*.values": [{ user: "{{ 1 }}" }, '"{{ 1 }}" has "{{" in it, which providers take for a template'],
                },
                '["s3"]',
            ).map((line) => (line.path === "secrets.*.values" ? { ...line, says: line.says.replace("values:", 'values["user"]:') } : line)),
        },
        ...Object.entries(wrongOfProviders).map(([provider, wrongs]) => ({
            base: providers[provider],
            lines: fields(Object.fromEntries(Object.entries(wrongs).map(([field, wrong]) => [`${provider}.${field}`, wrong]))),
        })),
        {
            base: providers.sealed,
            lines: [
                {
                    path: "sealed.ciphertexts",
                    value: { s3: { "access-key": "in the clear", "secret-key": ciphertext("B") }, db: { password: ciphertext("C") } },
                    says: 'sealed.ciphertexts["s3"]["access-key"]: is no ciphertext of kubeseal; a value in the clear must not stand here',
                },
            ],
        },
    ],
};

const addOn: Wrongs = {
    namespace: label,
    version: ["latest", '"latest" is not a version; write it like "1.2.3"'],
    mirror: ["charts", '"charts" is not a registry of charts; write it like "oci://registry.example.com/charts"'],
    archive: ["", "is missing"],
    values: ["replicas", "is not a section of YAML"],
};

const addOnOf = (wrongs: Wrongs, args: object = {}): BrickCorpus => ({ args, cases: [{ lines: fields({ ...addOn, ...wrongs }) }] });

export const addOns: Record<string, BrickCorpus> = {
    CertManagerAddOn: addOnOf({}),
    ExternalSecretsAddOn: addOnOf({ accountAnnotations: annotations, replicas: count() }),
    KedaAddOn: addOnOf({ watchNamespace: label }),
    OpenTelemetryAddOn: addOnOf(
        { tracesTo: ["tempo", '"tempo" is not an address; write it like "tempo.tempo.svc:4317"'], replicas: count() },
        { tracesTo: "tempo.tempo.svc:4317" },
    ),
    PrometheusStackAddOn: addOnOf({ retentionDays: count(), storage: values.tooSmall("512m", "1g"), grafanaAdminSecret: label }),
    SealedSecretsAddOn: addOnOf({ keyRenewalDays: count() }),
    SparkOperatorAddOn: addOnOf(
        {
            jobNamespaces: [[], "is empty; give at least one"],
            image: [
                "spark-operator",
                '"spark-operator" is not an image with its registry and its tag; write it like "registry.example.com/spark-operator:2.5.2"',
            ],
            replicas: [10, "10 is not a whole number between 1 and 9"],
            workers: [51, "51 is not a whole number between 1 and 50"],
            memory: size("512m"),
        },
        { jobNamespaces: ["team-a"] },
    ),
    TempoAddOn: addOnOf({ retentionDays: count(), storage: values.tooSmall("512m", "1g") }),
    TraefikAddOn: addOnOf({ replicas: count() }),
    TrivyAddOn: addOnOf({
        severity: ["SEVERE", '"SEVERE" is not a list of severities; write it like "HIGH,CRITICAL"'],
        namespaces: values.namespaces,
    }),
};
