/** One step of `pulumi preview --json`. */
export interface PreviewStep {
    op: string;
    urn: string;
}

/** A resource of a state. */
export interface Recorded {
    urn: string;
    type: string;
    inputs?: object;
}

const losing = ["delete", "replace", "create-replacement", "delete-replaced"];

/** Settings and Jobs cannot change, so other ones take their place under another name: that is how they roll out. */
const madeAnew = ["kubernetes:core/v1:ConfigMap", "kubernetes:batch/v1:Job"];

interface Metadata {
    metadata?: { annotations?: Record<string, string> };
}

const isMadeAnew = ({ type, inputs }: Recorded): boolean =>
    madeAnew.includes(type) && (inputs as Metadata | undefined)?.metadata?.annotations?.["pulumi.com/autonamed"] === "true";

/** What an update would take away, as "replace urn:…". */
export function losses(steps: PreviewStep[], before: Recorded[]): string[] {
    const byDesign = before.filter(isMadeAnew).map(({ urn }) => urn);
    return steps
        .filter(({ op, urn }) => losing.includes(op) && (op === "delete" || !byDesign.includes(urn)))
        .map(({ op, urn }) => `${op} ${urn}`);
}
