import type { Software } from "../hints";
import type { Environment } from "../schema";

/** Where an environment takes from: nothing reaches prod that was not in staging. */
export const takesFrom: Partial<Record<Environment, Environment>> = { staging: "dev", prod: "staging" };

/** What an image is called in the registry of another environment. */
export interface Registries {
    from?: string;
    to?: string;
}

/** How a value is written where it goes to. */
type Carry = (value: string, registries: Registries) => string;

/** The same image in the other environment's registry; one from elsewhere keeps its name. */
const inItsRegistry: Carry = (image, { from, to }) =>
    from !== undefined && to !== undefined && image.startsWith(`${from}/`) ? to + image.slice(from.length) : image;

/**
 * How what goes from one environment to the next is written there: which software runs, by what the schema says of each key. How
 * much of it runs, where, for whom and with which settings is each environment's own, and so stays.
 */
export const carry: Record<Software, Carry> = {
    version: (version) => version,
    image: inItsRegistry,
};
