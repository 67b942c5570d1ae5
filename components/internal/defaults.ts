type Filled<A, D> = A & { [K in keyof D & keyof A]-?: NonNullable<A[K]> };

/** Arguments over a brick's table of defaults; one that is given as `undefined` counts as not given. */
export function withDefaults<A extends object, D extends Partial<A>>(args: A, defaults: D): Filled<A, D> {
    const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as Partial<A>;
    return { ...defaults, ...given } as unknown as Filled<A, D>;
}
