import type { MLflowSettings } from "../../components";
import { list, section, text, wholeNumber } from "../hints";
import { cpu, size } from "../quantity";
import { clientNamespaces, filled, hostName, pod, type Every } from "./forms";

/** Settings of a tracking server; the platform adds its place, its database and its store. */
export const mlflowFields = {
    replicas: wholeNumber("Number of servers behind one address. Default: 1.", 1).optional(),
    workers: wholeNumber("Processes of each server that answer requests. Default: 2.", 1).optional(),
    memory: text("Memory of each server. Default: 1500m.", size("512m")).optional(),
    cpuRequest: text("CPU request of each server. Default: 100m.", cpu).optional(),
    adminSecret: filled(
        "Secret with the keys username and password of the first administrator. Default: generated.",
        "the name of a Secret",
    ).optional(),
    hosts: list("Host names that browsers use. Default: none.", hostName("A host name.")).optional(),
    clientNamespaces: clientNamespaces.optional(),
    pod: pod.optional(),
} satisfies Every<MLflowSettings>;

export const mlflow = section("Experiments and models: the tracking server of MLflow. Default: none.", mlflowFields);
