/** Every format writes any report that the contract allows, the same each time. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Report } from "#contract/report.ts";
import { rendererFor, renderers } from "./index.ts";
import { renderText } from "./renderer.ts";
import { anyReport, emptyReport, sampleReport } from "./testing.ts";

describe("renderers", () => {
  it("the sample, the empty and any report are valid by the contract", () => {
    expect(Report.parse(sampleReport())).toEqual(sampleReport());
    expect(Report.parse(emptyReport(3))).toEqual(emptyReport(3));
    fc.assert(
      fc.property(anyReport, (report) => {
        Report.parse(report);
      }),
      { numRuns: 60 },
    );
  });

  it.each(renderers)("$id never throws and is a pure function of the report", (renderer) => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const before = JSON.stringify(report);
        expect(renderText(renderer, report)).toBe(renderText(renderer, report));
        expect(JSON.stringify(report)).toBe(before);
      }),
      { numRuns: 20 },
    );
  });

  it("each has an id of its own, by which it is found", () => {
    expect(new Set(renderers.map(({ id }) => id)).size).toBe(renderers.length);
    for (const renderer of renderers) expect(rendererFor(renderer.id)).toBe(renderer);
    expect(rendererFor("pdf")).toBeNull();
  });
});
