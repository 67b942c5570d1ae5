// Types are checked where the project is, not at every preview: the SDK would check all of Kubernetes' each time.
const { join } = require("node:path");

require("ts-node").register({ cwd: __dirname, project: join(__dirname, "../tsconfig.json") });
require("./index.ts");
