// Types are checked where the project is, not at every preview: the SDK would check all of Kubernetes' each time, in 14 seconds.
const { join } = require("node:path");

const { register, REGISTER_INSTANCE } = require("ts-node");

// The SDK's own compiler is there already, and each file would pass through both.
process[REGISTER_INSTANCE]?.enabled(false);
register({ cwd: __dirname, project: join(__dirname, "../tsconfig.json") });
require("./index.ts");
