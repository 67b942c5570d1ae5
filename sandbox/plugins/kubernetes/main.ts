import { version } from "@pulumi/kubernetes/package.json";
import { serveProvider } from "../provider";
import { engineAddress } from "../rpc";
import { KubernetesProvider } from "./provider";

const provider = new KubernetesProvider(version);
provider.engine(engineAddress());
serveProvider(provider);
