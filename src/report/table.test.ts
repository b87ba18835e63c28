/** The table keeps to its width, lines up, and is honest about what was and was not read. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "#contract/report.ts";
import { cells } from "./cells.ts";
import { renderText } from "./renderer.ts";
import { table } from "./table.ts";
import { anyReport, emptyReport, sampleReport } from "./testing.ts";

/** Our own colours, which are all that may steer the terminal. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]+m`, "g");

function linesOf(report: Report, width: number, color = true): string[] {
  return renderText(table, report, { width, color, verbose: true })
    .replace(COLOURS, "")
    .split("\n");
}

describe("table", () => {
  it("keeps to the width and lets no control character through, for any report", () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 60, max: 200 }), (report, width) => {
        for (const line of linesOf(report, width)) {
          expect(cells(line)).toBeLessThanOrEqual(width);
          expect(line.replace(/[\u200c\u200d]/g, "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([60, 72, 80, 100, 120, 140, 160, 200])("lines its columns up at %i columns", (width) => {
    const lines = linesOf(sampleReport(), width);
    const header = lines.find((line) => line.includes("LAST SEEN")) ?? "";
    const at = cells(header.slice(0, header.indexOf("LAST SEEN")));
    const dated = lines.filter((line) => /^ +\d+ .*\d{4}-\d\d-\d\d$/.test(line));
    expect(dated).toHaveLength(sampleReport().automations.length);
    for (const line of dated) expect(cells(line.slice(0, line.length - 10))).toBe(at);
  });

  it("paints nothing unless asked to", () => {
    expect(renderText(table, sampleReport())).not.toMatch(COLOURS);
    expect(renderText(table, sampleReport(), { color: true })).toMatch(COLOURS);
  });

  it("says what was read when nothing was found", () => {
    const text = renderText(table, emptyReport(420));
    expect(text).toContain("Nothing found. 420 events of slack:audit");
    expect(text).toContain("logs that were not given");
  });

  it("does not call an empty input clean", () => {
    const text = renderText(table, emptyReport());
    expect(text).toContain("nothing was read");
    expect(text).toContain("singura formats");
    expect(text).not.toContain("Nothing found");
  });

  it("does not call an input clean of which nothing was understood", () => {
    const report = emptyReport(6);
    report.summary.events = 0;
    report.summary.quarantined = 6;
    expect(renderText(table, report)).toContain("none of the 6 records was understood");
  });

  it("caps long lists and says where the rest is", () => {
    const report = sampleReport();
    const [finding] = report.findings;
    if (finding !== undefined) report.findings = Array.from({ length: 5_000 }, () => finding);
    const text = renderText(table, report);
    expect(text.split("\n").length).toBeLessThan(300);
    expect(text).toContain("… and 4,980 more findings, see --verbose or --format json");
  });

  it("names the worst finding's next step, the evidence and the cure for quarantined records", () => {
    const text = renderText(table, sampleReport());
    expect(text).toContain("singura explain 3f9c21d07a4be6c85512 --from report.json");
    expect(text).toContain("exports/o365-exchange.ndjson.gz:18221  +2 more");
    expect(text).toContain("whole exports of a log");
  });
});
