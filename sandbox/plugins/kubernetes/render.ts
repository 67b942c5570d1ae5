import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { type KubeObject, nameOf, namespaceOf, text } from "./objects";

/** Where an object lands in `renderYamlToDirectory`: definitions first, as `kubectl apply` wants them. */
function pathOf(directory: string, object: KubeObject): string {
    const kind = text(object, "kind");
    const folder = kind === "CustomResourceDefinition" ? "0-crd" : "1-manifest";
    const namespace = namespaceOf(object) === "" ? "default" : namespaceOf(object);
    const name = nameOf(object).replaceAll(/[/:]/g, "_");
    return join(directory, folder, `${text(object, "apiVersion").replaceAll("/", "_")}-${kind.toLowerCase()}-${namespace}-${name}.yaml`);
}

export function render(directory: string, object: KubeObject): void {
    const path = pathOf(directory, object);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Secrets are written as they are: that is what rendering means, and why only the owner may read it.
    writeFileSync(path, stringify(object), { mode: 0o600 });
}

export function unrender(directory: string, object: KubeObject): void {
    rmSync(pathOf(directory, object), { force: true });
}
