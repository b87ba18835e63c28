/** SARIF has the structure that GitHub asks for and points at file and line. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { renderText } from "./renderer.ts";
import { sarif } from "./sarif.ts";
import { anyReport, emptyReport, HOSTILE_NAMES, sampleReport } from "./testing.ts";

const Message = z.strictObject({ text: z.string().min(1) });
/** RFC 3986 characters only, nothing raw that a browser or GitHub would read as a scheme or a query. */
const Uri = z.string().regex(/^(file:\/\/\/?)?[A-Za-z0-9\-._~%!'()*/]+$/);
const Location = z.strictObject({
  id: z.int().min(0).optional(),
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({ uri: Uri }),
    region: z.strictObject({ startLine: z.int().min(1) }),
  }),
  message: Message.optional(),
});
const Level = z.enum(["none", "note", "warning", "error"]);
const Tags = z.array(z.string());

/** What SARIF 2.1.0 requires and what GitHub code scanning asks for on top (locations, tags, fingerprints). */
const Sarif = z.strictObject({
  $schema: z.literal("https://json.schemastore.org/sarif-2.1.0.json"),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.literal("Singura"),
          organization: z.string(),
          version: z.string(),
          semanticVersion: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              name: z.string().regex(/^[A-Za-z0-9]+$/),
              shortDescription: Message.or(z.strictObject({ text: z.literal("") })),
              fullDescription: Message,
              help: z.strictObject({ text: z.string().min(1), markdown: z.string().min(1) }),
              defaultConfiguration: z.strictObject({ level: Level }),
              properties: z.looseObject({
                "security-severity": z.string().regex(/^\d\.\d$/),
                tags: Tags.max(20),
              }),
            }),
          ),
        }),
      }),
      automationDetails: z.strictObject({ id: z.string() }),
      columnKind: z.literal("utf16CodeUnits"),
      invocations: z.array(
        z.strictObject({
          executionSuccessful: z.boolean(),
          endTimeUtc: z.iso.datetime(),
          toolExecutionNotifications: z.array(
            z.strictObject({
              level: Level,
              descriptor: z.strictObject({ id: z.string() }),
              message: z.strictObject({ text: z.string() }),
              locations: z.array(Location),
            }),
          ),
        }),
      ),
      properties: z.looseObject({}),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level: Level,
          kind: z.literal("fail"),
          message: Message,
          locations: z.array(Location).length(1),
          relatedLocations: z.array(Location).optional(),
          partialFingerprints: z.record(z.string(), z.string()),
          rank: z.number().min(0).max(100),
          properties: z.looseObject({ tags: Tags }),
        }),
      ),
    }),
  ]),
});

describe("sarif", () => {
  it("has the structure that SARIF and GitHub ask for, for any report", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const log = Sarif.parse(JSON.parse(renderText(sarif, report)));
        const [run] = log.runs;
        expect(run.results).toHaveLength(report.findings.length);
        for (const result of run.results) {
          expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("writes one rule a detector, with the severity of its worst finding", () => {
    const [run] = Sarif.parse(JSON.parse(renderText(sarif, sampleReport()))).runs;
    const velocity = run.tool.driver.rules.find(({ id }) => id === "velocity");
    expect(velocity?.properties["security-severity"]).toBe("9.5");
    expect(run.results.map(({ level }) => level).slice(0, 3)).toEqual(["error", "error", "error"]);
    expect(run.tool.driver.rules.map(({ id }) => id)).toHaveLength(8);
  });

  it("points at file and line, percent-encoded", () => {
    const [run] = Sarif.parse(JSON.parse(renderText(sarif, sampleReport()))).runs;
    const uris = run.results.map(
      ({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri,
    );
    expect(uris).toContain("exports/o365-exchange.ndjson.gz");
    expect(uris).toContain("file:///C%3A/exports/o365%20mail.ndjson");
    expect(uris[3]).toMatch(/^dir%20with%20spaces\/%C3%BCml%C3%A4ut\/invoice%E2%80%AE/);
    expect(run.results[0]?.locations[0]?.physicalLocation.region.startLine).toBe(18_221);
  });

  it("makes no link out of a name with brackets", () => {
    const report = sampleReport();
    const [finding] = report.findings;
    if (finding !== undefined) finding.explanation = HOSTILE_NAMES.markdown;
    expect(renderText(sarif, report)).toContain("\\\\[Reset your password\\\\]");
  });

  it("is valid with nothing found", () => {
    expect(Sarif.parse(JSON.parse(renderText(sarif, emptyReport()))).runs[0].results).toEqual([]);
  });
});

it("a Sigma rule goes by its title, and by its id for machines", () => {
  const report = sampleReport();
  const [finding] = report.findings;
  if (finding === undefined) throw new Error("the sample has no finding");
  const sigma = {
    ...finding,
    detector: "sigma:11111111-1111-4111-8111-111111111111",
    title: "Export taken",
  };
  const written = JSON.parse(renderText(sarif, { ...report, findings: [sigma] }));
  expect(written.runs[0].tool.driver.rules).toMatchObject([
    { id: sigma.detector, name: "ExportTakenRule", shortDescription: { text: "Export taken" } },
  ]);
});
