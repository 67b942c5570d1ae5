/**
 * Makes stack traces cheap, without changing a letter of them. The Pulumi SDK asks for one at every resource and every promise, and
 * what runs TypeScript looks up each frame's line in the source each time; the frames are nearly always the same ones.
 *
 * Import it for its effect, before anything else.
 */

/** As V8 hands it over. */
interface Frame extends NodeJS.CallSite {
    toString(): string;
}

export type Format = (error: Error, frames: Frame[]) => unknown;

/** Where the language looks for the format of traces. */
export const hooks = Error as { prepareStackTrace?: Format };

/** A line of a trace depends on its own frame, and for the name of the function on the one below it. */
export function remembering(format: Format): Format {
    const lines = new Map<string, Map<string, string>>();
    const line = (error: Error, head: string, frames: Frame[], keys: string[], index: number): string => {
        const [own = "", below = ""] = [keys[index], keys[index + 1]];
        const known = lines.get(own) ?? new Map<string, string>();
        lines.set(own, known);
        const said =
            known.get(below) ??
            String(format(error, frames.slice(index, index + 2)))
                .slice(head.length)
                .split(start)[1] ??
            "";
        known.set(below, said);
        return said;
    };
    return (error, frames) => {
        const head = String(format(error, []));
        const keys = frames.map(keyOf);
        return head + frames.map((_, index) => start + line(error, head, frames, keys, index)).join("");
    };
}

const start = "\n    at ";

/** All that a line is made of, but where in the file the frame is, which is dear to tell in lines and columns. */
function keyOf(frame: Frame): string {
    const file = frame.getFileName() as string | null | undefined;
    return file === null || file === undefined
        ? frame.toString()
        : `${file} ${frame.getPosition()} ${frame.getTypeName()} ${frame.getFunctionName()} ${frame.isAsync()} ${frame.isConstructor()}`;
}

if (hooks.prepareStackTrace) {
    hooks.prepareStackTrace = remembering(hooks.prepareStackTrace);
}
