import { kubectl } from "../../sandbox/support/kubectl";
import { access } from "./platform";

/** Takes namespaces away with all that is in them: a run that was killed took its state along, but not what it had made. */
export async function clearNamespaces(...names: string[]): Promise<void> {
    for (const name of names) {
        await kubectl(access, ["delete", "namespace", name, "--ignore-not-found", "--wait"], { timeout: 180_000 });
    }
}
