/** JSON gives the same report back, in the contract's order. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Report } from "#contract/report.ts";
import { json } from "./json.ts";
import { renderText } from "./renderer.ts";
import { anyReport, emptyReport, sampleReport } from "./testing.ts";

describe("json", () => {
  it.each([true, false])("gives the same report back, for any report (compact: %s)", (compact) => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = renderText(json, report, { compact });
        expect(Report.parse(JSON.parse(text))).toEqual(wellFormed(report));
      }),
      { numRuns: 40 },
    );
  });

  it("writes what JSON.stringify would, in the order of the contract", () => {
    const report = sampleReport();
    const shuffled = Report.parse(Object.fromEntries(Object.entries(report).reverse()));
    const text = renderText(json, { ...shuffled });
    expect(JSON.stringify(JSON.parse(text), null, 2)).toBe(
      JSON.stringify(Report.parse(report), null, 2),
    );
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(Report.shape));
    expect(renderText(json, emptyReport())).toContain('\n  "findings": [],\n');
    expect(renderText(json, emptyReport(), { compact: true }).trimEnd()).not.toMatch(/\s/);
  });

  it("writes no character that could steer a terminal", () => {
    expect(renderText(json, sampleReport())).not.toMatch(
      /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
    );
  });
});

/** Lone surrogates survive JSON as they are; nothing else is to be normalised. */
function wellFormed(report: Report): Report {
  return Report.parse(JSON.parse(JSON.stringify(report)));
}
