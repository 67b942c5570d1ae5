import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as fc from "fast-check";

import { rightsize, type RightsizingInput } from "../../../components/operations/rightsizing";
import { answerOf, inputOf } from "../../../components/operations/rightsizing/cli";

const example: RightsizingInput = { dataSize: "1t", operations: ["join", "aggregate"], duration: "15m" };
const command = "--data 1t --operations join,aggregate --duration 15m";

describe("The rightsizing calculator", () => {
    it("answers the documented example: a terabyte joined and aggregated in 15 minutes", () => {
        assert.deepEqual(rightsize(example), {
            executors: 10,
            cores: 20,
            containerMemory: "8g",
            memory: "7447m",
            memoryOverhead: "745m",
            shufflePartitions: 8200,
            seconds: 891,
            onDemand: 0.24,
            spot: 0.07,
        });
    });

    it("prints what both manuals show", () => {
        const answer = answerOf(rightsize(inputOf(command.split(" "))));
        for (const language of ["en", "ru"]) {
            const page = readFileSync(join(__dirname, `../../../docs/${language}/rightsizing.md`), "utf8");
            assert.ok(page.includes(`npm run rightsize -- ${command}`), language);
            assert.ok(page.includes(answer), `${language} should show:\n${answer}`);
        }
    });

    it("keeps to the duration, with as few executors as can", () => {
        const jobs = fc.record({
            gibibytes: fc.integer({ min: 1, max: 50_000 }),
            minutes: fc.integer({ min: 1, max: 600 }),
            coresPerExecutor: fc.integer({ min: 1, max: 8 }),
            operations: fc.array(fc.constantFrom("filter", "aggregate", "join", "sort", "write"), { maxLength: 5 }),
        });
        fc.assert(
            fc.property(jobs, ({ gibibytes, minutes, ...job }) => {
                const found = rightsize({ ...job, dataSize: `${gibibytes}g`, duration: `${minutes}m` });
                assert.ok(found.seconds <= minutes * 60);
                const fewer = 20 + ((found.seconds - 20) * found.executors) / Math.max(1, found.executors - 1);
                assert.ok(found.executors === 1 || Math.ceil(fewer) + 1 >= minutes * 60);
            }),
        );
    });

    it("has no argument without effect", () => {
        const changes: Partial<RightsizingInput>[] = [
            { dataSize: "2t" },
            { operations: ["filter"] },
            { duration: "1h" },
            { coresPerExecutor: 4 },
            { corePrice: 0.1 },
            { spotPart: 0.5 },
        ];
        for (const change of changes) {
            assert.notDeepEqual(rightsize({ ...example, ...change }), rightsize(example), JSON.stringify(change));
        }
    });

    it("names every wrong field", () => {
        const wrong = { dataSize: "1 TB", operations: ["explode"], duration: "15s", coresPerExecutor: 0, corePrice: -1, spotPart: 2 };
        assert.throws(() => rightsize(wrong), {
            message: [
                "Rightsizing cannot be deployed as configured:",
                '  dataSize: "1 TB" is not a size of at least 1m; write it like "1500m" or "4g"',
                '  operations: "explode" is not one of filter, aggregate, join, sort, write',
                '  duration: "15s" is not a duration of more than the 20 s in which executors start; write it like "90s", "15m" or "2h"',
                "  coresPerExecutor: 0 is not a whole number between 1 and 16",
                "  corePrice: -1 is not more than 0 and at most 100",
                "  spotPart: 2 is not more than 0 and at most 1",
            ].join("\n"),
        });
        assert.throws(() => inputOf(["--data", "1t"]), { message: /^npm run rightsize -- --data 1t/ });
        assert.throws(() => inputOf(["--size", "1t"]), { message: /Unknown option '--size'/ });
    });
});
