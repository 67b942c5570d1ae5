import type { SparkWorkspace } from "../../workspace";
import type { ResolvedPlatform } from "../resolve";
import type { Roles } from "./aws";
import type { Secrets } from "./secrets";
import type { Storage } from "./storage";

/** What every part of the platform stands on. */
export interface Ground {
    platform: ResolvedPlatform;
    workspace: SparkWorkspace;
    roles: Roles;
    secrets: Secrets;
    storage: Storage;
}
