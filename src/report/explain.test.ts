/** One finding is found by the start of its id and told in full, with nothing that steers a terminal. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "#contract/report.ts";
import { cells } from "./cells.ts";
import { explain, findFinding } from "./explain.ts";
import { anyReport, sampleReport } from "./testing.ts";

const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]+m`, "g");

function explained(report: Report, id: string): string {
  const found = findFinding(report, id);
  if (found.kind !== "found") throw new Error(`${id} is ${found.kind}`);
  return explain(report, found.finding);
}

describe("findFinding", () => {
  const report = sampleReport();

  it("finds by id and by the start of one, in any case", () => {
    expect(findFinding(report, "3f9c21d07a4be6c85512")).toMatchObject({ kind: "found" });
    expect(findFinding(report, " 3F9C ")).toMatchObject({ finding: { detector: "velocity" } });
  });

  it("asks back when several begin alike", () => {
    const found = findFinding(report, "8d");
    expect(found.kind === "ambiguous" && found.candidates.map(({ id }) => id)).toEqual([
      "8d10b7e2c9f34a6610aa",
      "8d77aa01f0c2ddee9001",
    ]);
  });

  it.each(["", "  ", "zzz", "3f9c21d07a4be6c85512x"])("finds nothing for %j", (asked) => {
    expect(findFinding(report, asked)).toEqual({ kind: "missing" });
  });

  it("takes a whole id for itself even when it begins another", () => {
    const [first, second] = report.findings;
    if (first === undefined || second === undefined) throw new Error("no findings");
    const both = {
      ...report,
      findings: [
        { ...first, id: "ab" },
        { ...second, id: "abc" },
      ],
    };
    expect(findFinding(both, "ab")).toMatchObject({ kind: "found", finding: { id: "ab" } });
  });
});

describe("explain", () => {
  it("says what was seen, who it is, why it matters and what to do", () => {
    const text = explained(sampleReport(), "3f9c");
    for (const part of [
      "Normal for this app is 40 messages an hour",
      "WHY IT MATTERS",
      "exports/o365-exchange.ndjson.gz:18240",
      "94 of 100, critical",
      "+35  Reads every mailbox",
      "Nobody known",
      "For everybody in the tenant, on 2026-03-01",
      "T1114.002      MITRE ATT&CK: Email Collection: Remote Email Collection",
      "HOW TO CHECK",
      "Microsoft Entra admin center: Enterprise apps",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("stands without an automation, evidence, date or technique", () => {
    expect(explained(sampleReport(), "f77f")).toContain("about a person, not an automation");
    expect(explained(sampleReport(), "ff01")).toContain("No single record");
  });

  it("keeps to the width and lets no control character through, for any report", () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 60, max: 200 }), (report, width) => {
        for (const finding of report.findings) {
          const text = explain(report, finding, { width, color: true, verbose: true });
          for (const line of text.replace(COLOURS, "").split("\n")) {
            expect(cells(line)).toBeLessThanOrEqual(width);
            expect(line.replace(/[\u200c\u200d]/g, "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
