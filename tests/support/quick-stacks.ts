/*
 * The Pulumi SDK notes where every resource and every promise came from: it makes an error without a message and reads
 * its stack. Translating those frames back to TypeScript took three quarters of the unit tests' time, and none looks at
 * them. Errors that say something keep their full stack.
 */
type Formatter = (error: Error, frames: NodeJS.CallSite[]) => unknown;

const hook = Error as { prepareStackTrace?: Formatter };
const translate: Formatter = hook.prepareStackTrace ?? ((error, frames) => [error, ...frames].map(String).join("\n    at "));
hook.prepareStackTrace = (error, frames) => (error.message === "" ? String(error) : translate(error, frames));
