import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A value that is known and must never be shown or stored in clear. */
export class Secret {
    public constructor(public readonly value: Value) {}
}

/** A value that a preview cannot know yet. */
export class Unknown {
    /** Tells it from other objects for the compiler. */
    public readonly isUnknown = true;
}

export const unknown = new Unknown();

/** What the engine and a provider exchange: JSON, plus values that are secret and values that are not known yet. */
export type Value = null | boolean | number | string | Secret | Unknown | Value[] | Properties;

export interface Properties {
    [key: string]: Value;
}

/** The same with secrets opened and unknowns gone: what an API server is given. */
export type Plain = null | boolean | number | string | Plain[] | PlainObject;

export interface PlainObject {
    [key: string]: Plain;
}

// The engine's own markers inside a protobuf Struct (sdk/go/common/resource/sig).
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Json = Parameters<typeof Struct.fromJavaScript>[0][string];

export function isObject(value: unknown): value is Record<string, Value> {
    return (
        typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret) && !(value instanceof Unknown)
    );
}

/** A file or text given to a resource: its path, address or text. */
function asset(marked: Record<string, Json>): Properties {
    const fields = ["path", "uri", "text"].map((field): [string, Json | undefined] => [field, marked[field]]);
    return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === "string" && field[1] !== ""));
}

function decodeMarked(marked: Record<string, Json>): Value {
    const inner = marked.value === undefined ? unknown : decode(marked.value);
    switch (marked[signature]) {
        case secretSignature:
            return new Secret(inner);
        case outputSignature:
            return marked.secret === true ? new Secret(inner) : inner;
        case resourceSignature:
            return typeof marked.id === "string" && marked.id !== "" ? marked.id : unknown;
        case assetSignature:
            return asset(marked);
        default:
            throw new Error(`the engine sent a value of an unknown kind (${JSON.stringify(marked[signature])})`);
    }
}

function decode(json: Json): Value {
    if (json === unknownMarker) {
        return unknown;
    }
    if (Array.isArray(json)) {
        return json.map(decode);
    }
    if (typeof json !== "object" || json === null) {
        return json;
    }
    const object = json as Record<string, Json>;
    if (signature in object) {
        return decodeMarked(object);
    }
    return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, decode(value)]));
}

function encode(value: Value): Json {
    if (value instanceof Unknown) {
        return unknownMarker;
    }
    if (value instanceof Secret) {
        return { [signature]: secretSignature, value: encode(value.value) };
    }
    if (Array.isArray(value)) {
        return value.map(encode);
    }
    if (isObject(value)) {
        const known = Object.entries(value).filter(([, item]) => (item as unknown) !== undefined);
        return Object.fromEntries(known.map(([key, item]) => [key, encode(item)]));
    }
    return value;
}

/** Properties of a message of the engine. */
export function fromStruct(struct: Struct | undefined): Properties {
    return struct === undefined ? {} : (decode(struct.toJavaScript() as Json) as Properties);
}

/** Properties for a message to the engine. */
export function toStruct(properties: Properties): Struct {
    return Struct.fromJavaScript(encode(properties) as Record<string, Json>);
}

/** Opens secrets at any depth; unknowns stay. */
export function reveal(value: Value): Value {
    if (value instanceof Secret) {
        return reveal(value.value);
    }
    if (Array.isArray(value)) {
        return value.map(reveal);
    }
    if (isObject(value)) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item)]));
    }
    return value;
}

export function hasUnknown(value: Value): boolean {
    if (value instanceof Unknown) {
        return true;
    }
    if (value instanceof Secret) {
        return hasUnknown(value.value);
    }
    return Array.isArray(value) ? value.some(hasUnknown) : isObject(value) && Object.values(value).some(hasUnknown);
}

export function hasSecret(value: Value): boolean {
    return (
        value instanceof Secret || (Array.isArray(value) ? value.some(hasSecret) : isObject(value) && Object.values(value).some(hasSecret))
    );
}

function sameItems(left: Value[], right: Value[]): boolean {
    return left.length === right.length && left.every((item, index) => same(item, right[index] ?? null));
}

function sameMembers(left: Properties, right: Properties): boolean {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => key in right && same(left[key] ?? null, right[key] ?? null));
}

/** Equal as far as the engine is concerned; an unknown equals nothing, and secretness does not count. */
export function same(a: Value, b: Value): boolean {
    const [left, right] = [a instanceof Secret ? a.value : a, b instanceof Secret ? b.value : b];
    if (left instanceof Unknown || right instanceof Unknown) {
        return false;
    }
    if (Array.isArray(left) && Array.isArray(right)) {
        return sameItems(left, right);
    }
    return isObject(left) && isObject(right) ? sameMembers(left, right) : left === right;
}
