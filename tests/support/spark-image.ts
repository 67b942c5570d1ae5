import { referenceOf } from "../../sandbox/images";

/** What pods of the tests call the Spark image of a version. */
export const sparkImageOf = (version: string): string => referenceOf(`spark:${version}`);
