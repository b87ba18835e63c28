/** The last line of the test run counts what really ran. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const script = path.resolve(import.meta.dirname, "..", "scripts", "test-totals.mjs");
const nothing = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "singura-totals-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function totals(results: object) {
  const file = path.join(folder, "results.json");
  writeFileSync(file, JSON.stringify({ ...nothing, testResults: [], ...results }));
  const { stdout, status } = spawnSync(process.execPath, [script, file], { encoding: "utf8" });
  return { line: stdout, status };
}

it("is one line and success when all passed", () => {
  expect(totals({ numPassedTests: 12 })).toEqual({ line: "12 passed, 0 failed\n", status: 0 });
});

it("tells what was skipped or is still to write", () => {
  expect(totals({ numPassedTests: 12, numPendingTests: 2, numTodoTests: 1 })).toEqual({
    line: "12 passed, 0 failed, 3 skipped\n",
    status: 0,
  });
});

it("fails when a test failed", () => {
  expect(totals({ numPassedTests: 11, numFailedTests: 1 })).toEqual({
    line: "11 passed, 1 failed\n",
    status: 1,
  });
});

it("counts a file that cannot be loaded as a failure", () => {
  const testResults = [{ status: "failed", assertionResults: [] }];
  expect(totals({ numPassedTests: 11, testResults })).toEqual({
    line: "11 passed, 1 failed\n",
    status: 1,
  });
});

it("fails when nothing ran", () => {
  expect(totals({})).toEqual({ line: "0 passed, 0 failed\n", status: 1 });
});

it("fails when the runner wrote no results", () => {
  const { stdout, status } = spawnSync(process.execPath, [script, path.join(folder, "none")], {
    encoding: "utf8",
  });
  expect({ line: stdout, status }).toEqual({ line: "0 passed, 0 failed\n", status: 1 });
});
