import * as pulumi from "@pulumi/pulumi";

import type { Checks } from "./checks";
import { optional, wholeNumber } from "./values";

/** The least and the most of something; without a most there are always as many as the least. */
export interface Bounds {
    minimum: pulumi.Input<number>;
    maximum?: pulumi.Input<number>;
}

/**
 * Checks two bounds, and that they do not cross, which is told under the minimum.
 *
 * @param path Field that has both, for example executor.
 * @param from Smallest minimum.
 */
export function bounds(
    checks: Checks,
    path: string,
    given: Bounds,
    { from }: { from: number },
): { minimum: pulumi.Output<number>; maximum: pulumi.Output<number> } {
    const minimum = checks.input(
        `${path}.minimum`,
        given,
        ({ minimum: least, maximum: most = least }) =>
            wholeNumber({ from })(least) ?? (least > most ? `${least} is more than ${path}.maximum, which is ${most}` : undefined),
    );
    const maximum = checks.input(`${path}.maximum`, given, ({ maximum: most }) => optional(wholeNumber({ from: 1 }))(most));
    return {
        minimum: pulumi.output(minimum).apply(({ minimum: least }) => least),
        maximum: pulumi.output(maximum).apply(({ minimum: least, maximum: most = least }) => most),
    };
}
