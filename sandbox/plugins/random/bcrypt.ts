import { randomBytes } from "node:crypto";

// bcrypt ($2a$) as in "A Future-Adaptable Password Scheme" (Provos, Mazières, 1999).

const rounds = 16;
const subkeys = rounds + 2;
const boxSize = 256;
const noSalt = new Uint32Array(2);
const words = subkeys + 4 * boxSize;

/** The first hexadecimal digits of π after the point, by Machin's formula: Blowfish takes its tables from them. */
function piWords(): Uint32Array {
    const bits = BigInt(words * 32);
    const guard = 64n;
    const one = 1n << (bits + guard);
    const arctanOfInverse = (x: bigint): bigint => {
        let term = one / x;
        let sum = term;
        for (let n = 3n, sign = -1n; term !== 0n; n += 2n, sign = -sign) {
            term /= x * x;
            sum += (sign * term) / n;
        }
        return sum;
    };
    const pi = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n));
    const hex = ((pi & (one - 1n)) >> guard).toString(16).padStart(words * 8, "0");
    return Uint32Array.from({ length: words }, (_, index) => Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16));
}

class Blowfish {
    readonly #p: Uint32Array;
    readonly #s: Uint32Array;

    public constructor() {
        const pi = piWords();
        this.#p = pi.slice(0, subkeys);
        this.#s = pi.slice(subkeys);
    }

    public encipher(block: Uint32Array, at: number): void {
        const [p, s] = [this.#p, this.#s];
        let left = block[at] ?? 0;
        let right = block[at + 1] ?? 0;
        for (let round = 0; round < rounds; round += 2) {
            left ^= p[round] ?? 0;
            right ^= Blowfish.#mix(s, left);
            right ^= p[round + 1] ?? 0;
            left ^= Blowfish.#mix(s, right);
        }
        block[at] = right ^ (p[rounds + 1] ?? 0);
        block[at + 1] = left ^ (p[rounds] ?? 0);
    }

    /** Mixes a key into the tables, and a salt if there is one (the "expensive" part of the scheme calls it without). */
    public expand(key: Uint8Array, salt: Uint32Array = noSalt): void {
        this.#mixKey(key);
        const block = new Uint32Array(2);
        let next = 0;
        for (const table of [this.#p, this.#s]) {
            for (let index = 0; index < table.length; index += 2) {
                block[0] = (block[0] ?? 0) ^ (salt[next] ?? 0);
                block[1] = (block[1] ?? 0) ^ (salt[next + 1] ?? 0);
                next = (next + 2) % salt.length;
                this.encipher(block, 0);
                table.set(block, index);
            }
        }
    }

    #mixKey(key: Uint8Array): void {
        let position = 0;
        for (let index = 0; index < subkeys; index += 1) {
            let word = 0;
            for (let byte = 0; byte < 4; byte += 1) {
                word = (word << 8) | (key[position] ?? 0);
                position = (position + 1) % key.length;
            }
            this.#p[index] = (this.#p[index] ?? 0) ^ word;
        }
    }

    static #mix(s: Uint32Array, x: number): number {
        const sum = ((s[x >>> 24] ?? 0) + (s[boxSize + ((x >>> 16) & 255)] ?? 0)) ^ (s[2 * boxSize + ((x >>> 8) & 255)] ?? 0);
        return (sum + (s[3 * boxSize + (x & 255)] ?? 0)) | 0;
    }
}

/** bcrypt's own order of the 64 characters. */
function base64(bytes: Uint8Array): string {
    const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const own = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const text = Buffer.from(bytes).toString("base64").replaceAll("=", "");
    return text.replaceAll(/./g, (character) => own[standard.indexOf(character)] ?? "");
}

function toWords(bytes: Uint8Array): Uint32Array {
    const view = Buffer.from(bytes);
    return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => view.readUInt32BE(index * 4));
}

export function bcrypt(password: string, salt: Uint8Array = randomBytes(16), cost = 10): string {
    // The scheme reads 72 bytes, the closing zero among them.
    const key = Buffer.from(`${password}\0`).subarray(0, 72);
    const cipher = new Blowfish();
    cipher.expand(key, toWords(salt));
    for (let round = 0; round < 2 ** cost; round += 1) {
        cipher.expand(key);
        cipher.expand(salt);
    }
    const text = toWords(Buffer.from("OrpheanBeholderScryDoubt"));
    for (let round = 0; round < 64; round += 1) {
        for (let at = 0; at < text.length; at += 2) {
            cipher.encipher(text, at);
        }
    }
    const digest = Buffer.alloc(24);
    text.forEach((word, index) => digest.writeUInt32BE(word, index * 4));
    return `$2a$${String(cost).padStart(2, "0")}$${base64(salt)}${base64(digest.subarray(0, 23))}`;
}
