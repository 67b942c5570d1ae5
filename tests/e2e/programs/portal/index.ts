import { SparkHistoryPortal } from "../../../../components";
import { clientLabelsOf } from "../../../../components/internal/identity";
import { tlsProxyImage } from "../../../../components/internal/images";

/** A portal beside the History Server of the test's platform, which it shows under a team's name. */
const { NAMESPACE: namespace = "", HISTORY_URL: url = "" } = process.env;
const [service = ""] = new URL(url).hostname.split(".");

const portal = new SparkHistoryPortal("portal", {
    namespace,
    image: tlsProxyImage("spark-platform.local"),
    servers: { "team-a": { url, clientLabels: clientLabelsOf(service) } },
});

export const address = portal.url;
