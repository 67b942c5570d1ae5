import assert from "node:assert/strict";

import fc from "fast-check";

import { mebibytes, memorySize, quantity } from "../../../components/internal/memory";
import * as values from "../../../components/internal/values";

/** For each check: what it lets through, and what it says about the rest. */
const table: Record<string, { check: (value: any) => string | undefined; good: unknown[]; bad: [unknown, string][] }> = {
    "a size": {
        check: memorySize({ from: "512m" }),
        good: ["512m", "1g", "2T", "1500M"],
        bad: [
            ["511m", '"511m" is not a size of at least 512m; write it like "1500m" or "4g"'],
            ["4Gi", '"4Gi" is not a size of at least 512m; write it like "1500m" or "4g"'],
            ["0g", '"0g" is not a size of at least 512m; write it like "1500m" or "4g"'],
        ],
    },
    "a whole number": {
        check: values.wholeNumber({ from: 1, to: 9 }),
        good: [1, 9],
        bad: [
            [0, "0 is not a whole number between 1 and 9"],
            [1.5, "1.5 is not a whole number between 1 and 9"],
        ],
    },
    "a CPU quantity": {
        check: values.cpuQuantity,
        good: ["1", "0.5", "250m", "16"],
        bad: [
            ["0", '"0" is not a CPU quantity; write it like "500m" or "2"'],
            ["2 cores", '"2 cores" is not a CPU quantity; write it like "500m" or "2"'],
        ],
    },
    "a duration": {
        check: values.duration,
        good: ["60s", "30m", "30min", "2h"],
        bad: [
            ["60", '"60" is not a duration; write it like "60s", "30m" or "2h"'],
            ["0s", '"0s" is not a duration; write it like "60s", "30m" or "2h"'],
        ],
    },
    "a DNS label": {
        check: values.dnsLabel,
        good: ["a", "spark-4", "a".repeat(63)],
        bad: [
            ["4you", '"4you" is not a DNS label; use lower-case letters, digits and "-", starting with a letter'],
            ["a_b", '"a_b" is not a DNS label; use lower-case letters, digits and "-", starting with a letter'],
            ["a".repeat(64), `"${"a".repeat(64)}" has 64 characters; at most 63 are allowed`],
        ],
    },
    "a bucket": {
        check: values.bucketName,
        good: ["abc", "spark-logs", "0-0"],
        bad: [
            ["ab", '"ab" has 2 characters; a bucket name has 3 to 63'],
            ["Logs", '"Logs" is not a bucket name; use lower-case letters, digits and "-", with a letter or digit at both ends'],
        ],
    },
    "a directory in a bucket": {
        check: values.s3aDirectory,
        good: ["s3a://logs/events", "s3a://logs/a/b/"],
        bad: [
            ["s3://logs/events", '"s3://logs/events" is not a directory in a bucket; write it like "s3a://bucket/directory"'],
            ["s3a://logs", '"s3a://logs" is not a directory in a bucket; write it like "s3a://bucket/directory"'],
            ["s3a://lo/events", '"lo" has 2 characters; a bucket name has 3 to 63'],
            [
                "s3a://logs/a//b",
                '"a//b" is not a path in a bucket; use letters, digits, "." "_" "=" "-" and single "/", for example "logs/events"',
            ],
        ],
    },
    "a server's URL": {
        check: values.httpUrl,
        good: ["http://store:9000", "https://s3.example.org"],
        bad: [["store:9000", '"store:9000" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"']],
    },
    "a range of addresses": {
        check: values.cidr,
        good: ["10.0.0.1/32", "fd00::/8"],
        bad: [["10.0.0.1", '"10.0.0.1" is not a CIDR; write it like "10.0.0.1/32"']],
    },
    "a list": {
        check: values.each(values.bucketName),
        good: [[], ["abc"]],
        bad: [[["ab", "abc", "c"], '"ab" has 2 characters; a bucket name has 3 to 63; "c" has 1 characters; a bucket name has 3 to 63']],
    },
    "a list with something in it": { check: values.notEmpty, good: [["a"]], bad: [[[], "is empty; give at least one"]] },
    "something given": {
        check: values.present,
        good: ["a", 0],
        bad: [
            ["", "is missing"],
            [undefined, "is missing"],
        ],
    },
};

describe("Checks of single values", () => {
    for (const [kind, { check, good, bad }] of Object.entries(table)) {
        it(`know ${kind}`, () => {
            for (const value of good) {
                assert.equal(check(value), undefined, JSON.stringify(value));
            }
            for (const [value, problem] of bad) {
                assert.equal(check(value), problem);
            }
        });
    }
});

describe("Sizes and durations", () => {
    it("are the same in Spark's and in Kubernetes' writing", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 10_000 }), (size) => {
                assert.equal(mebibytes(`${size}g`), size * 1024);
                assert.equal(quantity(`${size}m`), `${size}Mi`);
            }),
        );
    });

    it("are no number when they are none", () => {
        fc.assert(
            fc.property(
                fc.string().filter((text) => !/^[1-9]\d*[mgt]$/i.test(text)),
                (text) => {
                    assert.ok(Number.isNaN(mebibytes(text)));
                },
            ),
        );
        assert.ok(Number.isNaN(values.seconds("soon")));
    });

    it("count minutes and hours", () => {
        assert.deepEqual(["90s", "30m", "30min", "2h"].map(values.seconds), [90, 1800, 1800, 7200]);
    });
});
