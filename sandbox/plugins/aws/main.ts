import { version } from "@pulumi/aws/package.json";
import { serveProvider } from "../provider";
import { awsProvider } from "./provider";

serveProvider(awsProvider(version));
