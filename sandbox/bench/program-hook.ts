/**
 * A script for `node --require`, which a preview loads into every Node.js process that it starts.
 *
 * @param program End of the path of the program that is measured.
 * @param measure What the process that runs it does when the program has said everything it wants.
 */
export const programHook = (program: string, measure: string): string => `
const { Module } = require("node:module");
const load = Module.prototype.load;
Module.prototype.load = function (path) {
    load.call(this, path);
    if (path.endsWith(${JSON.stringify(program)})) {
        ${measure}
    }
};`;
