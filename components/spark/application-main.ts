import * as pulumi from "@pulumi/pulumi";

import type { Check, Checks } from "../internal/checks";
import { present } from "../internal/values";

/** The program of an application. */
export interface SparkApplicationMain {
    /** A Python file or a jar: in the image (local:///opt/app/job.py), in the store (s3a://bucket/job.jar) or on a server (https://…). */
    file: pulumi.Input<string>;
    /** Class to run, of a jar; a Python file has none. Default: none. */
    class?: pulumi.Input<string>;
}

export interface MainFacts {
    file: string;
    class?: string;
}

export const isPython = ({ file }: MainFacts): boolean => file.endsWith(".py");

export const programFile: Check<string> = (file) =>
    /^(local:\/\/\/|s3a:\/\/[^/]+\/|https?:\/\/[^/]+\/)\S+\.(py|jar)$/.test(file)
        ? undefined
        : `"${file}" is not the place of a program; write it like "local:///opt/app/job.py" or "s3a://bucket/job.jar"`;

export const className: Check<string> = (name) =>
    /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(name) ? undefined : `"${name}" is not the name of a class`;

/** A jar is run by one of its classes; a Python file is run as it is. */
const classOf: Check<MainFacts> = (main) => {
    if (isPython(main)) {
        return main.class === undefined ? undefined : `"${main.class}" is given, but "${main.file}" is a Python file, which has none`;
    }
    if (main.class === undefined) {
        return main.file.endsWith(".jar") ? `is missing; "${main.file}" is a jar, which is run by one of its classes` : undefined;
    }
    return className(main.class);
};

export function applicationMain(checks: Checks, main: SparkApplicationMain): SparkApplicationMain {
    const file = checks.input("main.file", main.file, present, programFile);
    const both = checks.input("main.class", { file: main.file, class: main.class }, (known) =>
        programFile(known.file) === undefined ? classOf(known as MainFacts) : undefined,
    );
    return { file, class: pulumi.output(both).apply((known) => known.class as string) };
}
