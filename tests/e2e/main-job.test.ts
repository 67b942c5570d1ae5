import assert from "node:assert/strict";

import { runFlights, waitForHistory, waitForIdle, type JobReport } from "../../sandbox/up/job";
import { access } from "../support/platform";
import { platform } from "./hooks";

/** The same question asked of the same data with pandas: by airline the route of at least a hundred arrivals with the worst mean delay. */
const worstRoutes = [
    "ExpressJet Airlines Inc. EWR TYS 313 41.2",
    "Envoy Air JFK CVG 350 24.0",
    "Endeavor Air Inc. JFK CLE 314 22.5",
    "Frontier Airlines Inc. LGA DEN 681 21.9",
    "AirTran Airways Corporation LGA ATL 2278 20.7",
    "Southwest Airlines Co. EWR MSY 296 19.9",
    "Mesa Airlines Inc. LGA IAD 278 18.9",
    "American Airlines Inc. JFK EGE 101 18.5",
    "JetBlue Airways EWR TPA 362 18.5",
    "Delta Air Lines Inc. EWR SLC 351 11.4",
    "United Air Lines Inc. EWR BQN 295 10.9",
    "Virgin America JFK SFO 1402 6.4",
    "US Airways Inc. LGA PHL 590 6.1",
    "Hawaiian Airlines Inc. JFK HNL 342 -6.9",
    "Alaska Airlines Inc. EWR SEA 709 -9.9",
];

describe("the job on the flights of 2013", () => {
    let report: JobReport;

    before(async () => {
        report = await runFlights(access, platform().endpoints);
    });

    it("loads every flight and finds the worst route of every airline", () => {
        assert.equal(report.rows, 336_776);
        const rows = report.table.split("\n").slice(1);
        assert.deepEqual(
            rows.map((row) => row.trim().replace(/ +/g, " ")),
            worstRoutes,
        );
    });

    it("gets executors when it needs them, and gives them back", async () => {
        assert.ok(report.executors >= 1, `${report.executors} executors were seen`);
        await waitForIdle(access, platform().endpoints);
    });

    it("is shown by the History Server while the server runs on", async () => {
        const seconds = await waitForHistory(access, platform().endpoints, report.application);
        assert.ok(seconds <= platform().endpoints.historyLateSeconds + 30);
    });
});
