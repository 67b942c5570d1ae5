import { join } from "node:path";

import { goModule } from "../../sandbox/toolchain";

/** The operator's sources, which have its chart and its definitions in them. */
const sources = () => goModule("spark-operator", "github.com/kubeflow/spark-operator/v2");

/** The official chart. */
export const operatorChart = async () => join(await sources(), "charts/spark-operator-chart");

/** What the operator teaches the API server: a folder of definitions. */
export const sparkOperatorDefinitions = async () => join(await operatorChart(), "crds");
