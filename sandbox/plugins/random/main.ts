import { version } from "@pulumi/random/package.json";
import { serveProvider } from "../provider";
import { randomProvider } from "./provider";

serveProvider(randomProvider(version));
