import type { TracingConnection } from "../../components";
import { section, share, text } from "../hints";
import { clusterEndpoint, forms, type Every } from "./forms";

export const tracing = section(
    "Where traces go of Connect servers and applications: a span for each SQL execution, job and stage. Default: none are made.",
    {
        endpoint: text("URL of a collector that takes OTLP by HTTP, mostly at port 4318.", forms.collector),
        sampleRatio: share("Part of the traces that are sent, from 0 to 1. Default: 1.").optional(),
        clusterEndpoint: clusterEndpoint.optional(),
    } satisfies Every<TracingConnection>,
);
