/** Traps that other systems fell into and that no single file could hold; docs/detection.md says where the others are. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { automationFact, type StateFact } from "#contract/automation.ts";
import { type AuditEvent, change } from "#contract/event.ts";
import { anyEvents } from "#engine/arbitrary.ts";
import { assess } from "#engine/assess.ts";
import { newObservations, observe, observeState } from "#engine/observe.ts";
import { summarize } from "#engine/profile/sample.ts";
import { app, at, dana, event, repeat } from "#engine/testing.ts";
import { buildReport } from "#jobs/scan/report.ts";
import { newTally } from "#jobs/scan/tally.ts";
import { explain } from "#report/explain.ts";
import { renderers } from "#report/index.ts";
import { renderText } from "#report/renderer.ts";

function assessed(events: readonly AuditEvent[], state: readonly StateFact[] = []) {
  const seen = newObservations();
  for (const [index, one] of events.entries()) observe(seen, { ...one, id: `e${index}` });
  for (const fact of state) observeState(seen, fact);
  return assess(seen, { orgId: "o", now: at(30), timeZone: "UTC" });
}

describe("escalation is per resource and per automation, and not from zero", () => {
  const got = (nativeId: string, day: number, scopes: string[]) =>
    event("microsoft", "Add app role assignment to service principal.", {
      at: at(day),
      class: "consent",
      actor: dana("admin@example.com"),
      subject: app(nativeId, { name: nativeId, isVerified: false }),
      target: { type: "app", id: `${nativeId}-${scopes.join("+")}`, name: null },
      change: change("granted", { scopes, addedScopes: scopes, consent: "tenant" }),
    });
  const escalations = (events: readonly AuditEvent[]) =>
    assessed(events).findings.filter(({ detector }) => detector === "scope-escalation");

  it("what one app has is no step of another", () => {
    expect(
      escalations([got("small-one", 0, ["User.Read"]), got("big-one", 20, ["Mail.ReadWrite"])]),
    ).toEqual([]);
  });
  it("the same two grants to one app are a step", () => {
    expect(
      escalations([got("one", 0, ["User.Read"]), got("one", 20, ["Mail.ReadWrite"])]),
    ).toHaveLength(1);
  });
  it("sharing three documents, each with more rights than the one before, is none", () => {
    const shared = ["can_view", "can_comment", "can_edit"].map((right, index) =>
      event("google", `change_user_access:${right}`, {
        at: at(2, 10, index * 20),
        class: "share",
        target: { type: "document", id: `d${index}`, name: `Plan ${index}` },
      }),
    );
    const views = repeat(20, 60_000, () => event("google", "view", { at: at(1), class: "read" }));
    expect(assessed([...views, ...shared]).findings).toEqual([]);
  });
});

describe("evidence shows only what was seen", () => {
  it("every sample is an event of the input, with its action, time and place", () => {
    let samples = 0;
    fc.assert(
      fc.property(anyEvents(60), (events) => {
        const placed = events.map((one, line) => ({ ...one, ref: { source: 0, line: line + 1 } }));
        const seen = newObservations();
        for (const one of placed) observe(seen, one);
        const { findings } = assess(seen, { orgId: "o", now: at(10), timeZone: "UTC" });
        const byId = new Map(placed.map((one) => [one.id, one]));
        for (const sample of findings.flatMap((finding) => finding.samples)) {
          const source = byId.get(sample.eventId);
          expect(source).toMatchObject({ action: sample.action, at: sample.at, ref: sample.ref });
          expect(sample.summary).toBe(source === undefined ? "" : summarize(source));
          samples++;
        }
      }),
      { numRuns: 60, seed: 12 },
    );
    expect(samples).toBeGreaterThan(100);
  });
});

describe("one automation has one score everywhere", () => {
  const taker = app("C-9.apps.example", { name: "Zebra Exporter", isVerified: false });
  const events = [
    event("google", "authorize", {
      at: at(3, 9),
      class: "consent",
      subject: taker,
      change: change("granted", {
        scopes: ["https://www.googleapis.com/auth/drive"],
        consent: "user",
        principal: dana().id,
      }),
    }),
    ...repeat(900, 1_000, () =>
      event("google", "download", { at: at(3, 15), class: "download", automation: taker }),
    ),
  ];
  const assessment = assessed(events, [automationFact("google", "google:state", taker)]);
  const report = buildReport({
    sources: [],
    shapes: [],
    tally: newTally([]),
    assessment,
    generatedAt: at(30),
    startedAt: at(30),
  });
  const [automation] = report.automations;
  const score = automation?.risk.score ?? 0;
  const finding = report.findings.find(({ automationId }) => automationId === automation?.id);
  const wanted: Readonly<Record<string, (text: string) => boolean>> = {
    table: (text) => new RegExp(`^.*\\b${score}\\b.*Zebra Exporter`, "m").test(text),
    json: (text) => JSON.parse(text).automations[0].risk.score === score,
    html: (text) => text.includes(`<td data-key="${score}">`) && text.includes(`<b>${score}</b>`),
    csv: (text) => text.split("\r\n")[1]?.split(",")[1] === String(score),
    ocsf: (text) => JSON.parse(text.split("\n")[0] ?? "").risk_score === score,
    sarif: (text) => JSON.parse(text).runs[0].results[0].properties.riskScore === score,
  };

  it("is one of one automation that the story deserves", () => {
    expect(report.automations).toHaveLength(1);
    expect(score).toBeGreaterThan(20);
  });
  it.each(renderers)("$id tells it", (renderer) => {
    expect(Object.keys(wanted)).toContain(renderer.id);
    const of =
      renderer.id === "csv" || renderer.id === "table" ? ("automations" as const) : undefined;
    const text = renderText(renderer, report, {
      ...(of === undefined ? {} : { of }),
      color: false,
    });
    expect(wanted[renderer.id]?.(text)).toBe(true);
  });
  it("explain tells it", () => {
    if (finding === undefined) throw new Error("the story deserves a finding");
    expect(explain(report, finding, { color: false })).toContain(`${score} of 100`);
  });
});
