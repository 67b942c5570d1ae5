import type { LogLevelSettings, LogSettings } from "../../components";
import { logLayouts, logLevels } from "../../components";
import { oneOf, section } from "../hints";
import type { Every } from "./forms";

/** For the section of every part that writes logs; the platform's own hold for the fields that a part leaves out. */

const level = (normally: string) => oneOf(`From which line on. Default: that of logs, else ${normally}.`, Object.values(logLevels));
const layout = (normally: string) =>
    oneOf(
        `What a line looks like: one JSON object, or text for people. Default: that of logs, else ${normally}.`,
        Object.values(logLayouts),
    );

const ofPart = "What the processes write on their standard output. Default: what the key logs says.";

const withLayout = (normally: string) =>
    section(ofPart, { level: level("info").optional(), layout: layout(normally).optional() } satisfies Every<LogSettings>);

export const partLogs = withLayout("json");
export const airflowLogs = withLayout("text");

/** Of programs whose lines have a layout of their own. */
export const partLogLevel = (normally: string) => section(ofPart, { level: level(normally).optional() } satisfies Every<LogLevelSettings>);

/** Of the whole platform. */
export const logs = section("What the processes of all parts write on their standard output, unless a part says otherwise.", {
    level: oneOf("From which line on. Default: what each part has by itself, mostly info.", Object.values(logLevels)).optional(),
    layout: oneOf(
        "What a line looks like: one JSON object, or text for people. Default: json; of Airflow text.",
        Object.values(logLayouts),
    ).optional(),
} satisfies Every<LogSettings>);
