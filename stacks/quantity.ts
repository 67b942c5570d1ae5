import { mebibytes, memorySize } from "../components/internal/memory";
import { cpuQuantity, duration as isDuration } from "../components/internal/values";
import type { Form } from "./hints";

/** The letters of each unit, by the first letter that people may write; "" is the unit of a bare number. */
type Units = Record<string, string>;

const sizeUnits: Units = { m: "m", g: "g", t: "t", "": "g" };
const cpuUnits: Units = { m: "m", c: "", "": "" };
const timeUnits: Units = { s: "s", m: "m", h: "h", "": "s" };

/** Memory or disk, as Spark and Java write it; `from` is the least that makes sense. */
export const size = (from = "1m"): Form =>
    amount({
        check: memorySize({ from }),
        expected: mebibytes(from) > 1 ? `a size of at least "${from}", like "1500m" or "4g"` : 'a size like "512m" or "4g"',
        pattern: "^[1-9][0-9]*[mgtMGT]$",
        units: sizeUnits,
    });

/** Processor time, as Kubernetes writes it. */
export const cpu = amount({
    check: cpuQuantity,
    expected: 'processors like "2" or "500m"',
    pattern: "^([1-9][0-9]*m|[0-9]+(\\.[0-9]{1,3})?)$",
    units: cpuUnits,
});

/** A length of time, as Spark writes it. */
export const duration = amount({
    check: isDuration,
    expected: 'a length of time like "60s" or "30m"',
    pattern: "^[1-9][0-9]*(s|m|min|h)$",
    units: timeUnits,
});

function amount({ units, ...form }: Form & { units: Units }): Form {
    return { ...form, nearest: (found) => candidates(units, found).find((candidate) => form.check(candidate) === undefined) };
}

const smaller: Units = { t: "g", g: "m" };

/** The same amount as it should be written, when the text has a number and perhaps a unit: "10 GB" is "10g", "1.5g" is "1536m". */
function candidates(units: Units, text: string): string[] {
    const [, number, letters = ""] = /^\s*([0-9]*\.?[0-9]+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
    const unit = letters.slice(0, 1).toLowerCase();
    return [written(units, Number(number), unit), written(units, Number(number) * 1024, smaller[unit] ?? "none")].flat();
}

function written(units: Units, amount: number, unit: string): string[] {
    return unit in units ? [`${Math.round(amount * 1000) / 1000}${units[unit] ?? ""}`] : [];
}
