import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";

import { givenConfig } from "../config";
import { checkAddOns, makeAddOns } from "./add-ons";

const config = checkAddOns(givenConfig());

const providers = {
    kubernetes: new k8s.Provider("cluster", config.provider),
    random: new random.Provider("random"),
};

/** Namespaces of the add-ons, by their keys in the stack file. */
export const namespaces = makeAddOns(config.addOns, { providers });
