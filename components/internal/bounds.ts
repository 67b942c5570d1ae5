import * as pulumi from "@pulumi/pulumi";

import type { Checks } from "./checks";
import { wholeNumber } from "./values";

/** The least and the most of something. */
export interface Bounds<Value> {
    minimum: Value;
    maximum: Value;
}

/**
 * Checks that two bounds do not cross; a problem is told under the minimum.
 *
 * @param path Field that has both, for example executor.
 * @param from Smallest minimum.
 */
export function bounds(
    checks: Checks,
    path: string,
    given: Bounds<pulumi.Input<number>>,
    { from }: { from: number },
): Bounds<pulumi.Output<number>> {
    const both = pulumi.output(
        checks.input(
            `${path}.minimum`,
            given,
            ({ minimum, maximum }) =>
                wholeNumber({ from })(minimum) ??
                (minimum > maximum ? `${minimum} is more than ${path}.maximum, which is ${maximum}` : undefined),
        ),
    );
    return { minimum: both.apply(({ minimum }) => minimum), maximum: both.apply(({ maximum }) => maximum) };
}
