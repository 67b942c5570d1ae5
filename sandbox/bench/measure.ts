import versions from "../versions.json";

/** One figure: what it is, what it may be at most, and how it is found. */
export interface Figure {
    name: string;
    unit: string;
    /** The promise; `undefined` for figures that are only listed. */
    atMost?: number;
    value: number;
}

/** Runs something and answers how many seconds it took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
    const started = process.hrtime.bigint();
    await work();
    return Number(process.hrtime.bigint() - started) / 1e9;
}

/** The middle one of several runs: one slow run of a shared machine says nothing. */
export async function median(runs: number, measure: () => Promise<number>): Promise<number> {
    const found: number[] = [];
    for (let run = 0; run < runs; run++) {
        found.push(await measure());
    }
    return middle(found);
}

export const middle = (found: number[]): number => [...found].sort((a, b) => a - b)[Math.floor(found.length / 2)] ?? Number.NaN;

/** A figure that could not be found is no kept promise. */
export const isBroken = ({ value, atMost }: Pick<Figure, "value" | "atMost">) => atMost !== undefined && !(value <= atMost);

export function print({ name, unit, atMost, value }: Figure): void {
    const limit = atMost === undefined ? "" : `  (at most ${atMost} ${unit}${isBroken({ value, atMost }) ? ": BROKEN" : ""})`;
    console.log(`${value.toFixed(value < 10 ? 2 : 1).padStart(9)} ${unit.padEnd(4)} ${name}${limit}`);
}

/** The versions of Spark to measure: all, or the one that the environment variable SPARK names. */
export const chosenVersions = (): string[] => versions.spark.filter((version) => version === (process.env.SPARK ?? version));
