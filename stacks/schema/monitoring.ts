import type { Monitoring } from "../../components";
import { section, text } from "../hints";
import { duration } from "../quantity";
import { name, texts, type Every } from "./forms";

/** For the section of every brick that can be watched. */
export const monitoring = section("A monitor for the Prometheus operator ({} for one with defaults). Default: none.", {
    namespace: name("Namespace that Prometheus runs in. Default: monitoring.").optional(),
    podLabels: texts("Labels of the Prometheus pods in that namespace. Default: app.kubernetes.io/name=prometheus.").optional(),
    interval: text("Time between two looks. Default: 30s.", duration).optional(),
    labels: texts("Further labels of the monitor, for a Prometheus that takes only its own. Default: none.").optional(),
} satisfies Every<Monitoring>);
