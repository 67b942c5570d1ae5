import { execa } from "execa";

import { runSteps } from "../support/steps";
export {};
void execa; void runSteps;
