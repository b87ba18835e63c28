/** Correlations of everything that was read: the same findings in any order and split, about whom, and what is left out is counted. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "#base/time.ts";
import { automationRef } from "#contract/automation.ts";
import { type AuditEvent, auditEvent, person } from "#contract/event.ts";
import { assess } from "#engine/assess.ts";
import { mergeObservations, newObservations, type Observations, observe } from "#engine/observe.ts";
import { recordMatcher } from "#engine/sigma/matcher.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { alertsOf } from "./alerts.ts";
import { correlationsIn } from "./correlations.ts";
import { KEPT_MAX, type Kept, type KeptMatch, keptOf, mergeKept } from "./kept.ts";

const START = Date.UTC(2026, 5, 1, 9);

const { documents, problems } = parseSigma(`
title: Downloaded
name: downloaded
logsource: { product: slack, service: audit }
detection: { a: { action: file_downloaded }, condition: a }
level: informational
---
title: Shared
name: shared
logsource: { product: slack, service: audit }
detection: { a: { action: file_public_link_created }, condition: a }
level: informational
---
title: Many downloads
id: aaaaaaaa-1111-4111-8111-111111111111
name: many
description: Somebody takes files.
status: test
level: high
tags: [attack.exfiltration, attack.t1530, singura.t27]
falsepositives: [A backup]
correlation:
    type: event_count
    rules: [downloaded]
    group-by: [context.ip_address]
    timespan: 10m
    condition: { gte: 3 }
---
title: Taken, then shared
id: aaaaaaaa-2222-4222-8222-222222222222
level: critical
correlation:
    type: temporal_ordered
    rules: [many, shared]
    group-by: [context.ip_address]
    timespan: 1h
---
title: Files of many
id: aaaaaaaa-3333-4333-8333-333333333333
level: low
correlation:
    type: value_count
    rules: [downloaded]
    timespan: 30m
    condition: { field: entity.file.id, gte: 4 }
`);
const correlations = correlationsIn(documents);
const matcher = recordMatcher(documents);

interface Seen {
  /** Null: no time can be read. */
  readonly minute: number | null;
  readonly who: number;
  readonly ip: number | null;
  readonly file: number;
  readonly action: "file_downloaded" | "file_public_link_created" | "user_login";
}

function eventOf({ minute, who, action }: Seen, index: number): AuditEvent {
  return auditEvent("slack", "slack:audit", action, {
    id: `event-${index}`,
    at: minute === null ? null : START + minute * MINUTE_MS,
    class: action === "file_downloaded" ? "download" : "other",
    actor: person(`user${who}@example.com`, null),
  });
}

function tell(seen: Observations, one: Seen, index: number): void {
  const record = {
    action: one.action,
    entity: { file: { id: `F${one.file}` } },
    context: one.ip === null ? {} : { ip_address: `192.0.2.${one.ip}` },
  };
  observe(seen, eventOf(one, index), matcher(record, "slack", "slack:audit")[0]);
}

function observed(rows: readonly Seen[]): Observations {
  const seen = newObservations();
  for (const [index, one] of rows.entries()) tell(seen, one, index);
  return seen;
}

const judged = (seen: Observations) =>
  assess(seen, {
    orgId: "test",
    now: START + 60 * 24 * MINUTE_MS,
    timeZone: "UTC",
    detectors: [],
    correlations,
  });

const row = (minute: number | null, more: Partial<Seen> = {}): Seen => ({
  minute,
  who: 1,
  ip: 1,
  file: 1,
  action: "file_downloaded",
  ...more,
});

const some = fc.array(
  fc.record({
    minute: fc.option(fc.nat({ max: 90 }), { freq: 20 }),
    who: fc.nat({ max: 2 }),
    ip: fc.option(fc.nat({ max: 2 }), { freq: 10 }),
    file: fc.nat({ max: 5 }),
    action: fc.constantFrom(
      "file_downloaded" as const,
      "file_downloaded" as const,
      "file_public_link_created" as const,
      "user_login" as const,
    ),
  }),
  { maxLength: 60, size: "max" },
);

describe("correlations of everything that was read", () => {
  it("are understood", () => {
    expect(problems).toEqual([]);
    expect(correlations.problems).toEqual([]);
    // The one that another reads is as silent as the rules.
    expect([...correlations.facts.values()].map(({ title }) => title)).toEqual([
      "Taken, then shared",
      "Files of many",
    ]);
  });

  it("folded in any order and in any split, they make the same findings", () => {
    const shuffled = some.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }),
        fc.array(fc.nat({ max: 3 }), { minLength: rows.length, maxLength: rows.length }),
      ),
    );
    let spoken = 0;
    fc.assert(
      fc.property(shuffled, ([rows, order, lanes]) => {
        const parts = Array.from({ length: 4 }, () => newObservations());
        for (const index of order) {
          const one = rows[index];
          const part = parts[lanes[index] ?? 0];
          if (one !== undefined && part !== undefined) tell(part, one, index);
        }
        const merged = newObservations();
        for (const part of parts.reverse()) mergeObservations(merged, part);
        const whole = judged(observed(rows));
        spoken += whole.findings.length;
        expect(judged(merged)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
    expect(spoken).toBeGreaterThan(20);
  });

  it("what one correlation said is read by another, which groups by the events' own fields", () => {
    const taken = [row(0), row(1), row(2)];
    const shared = row(30, { action: "file_public_link_created" });
    const titles = (rows: readonly Seen[]) =>
      judged(observed(rows)).findings.map(({ title }) => title);
    expect(titles([...taken, shared])).toEqual(["Taken, then shared"]);
    expect(titles([...taken, { ...shared, ip: 2 }])).toEqual([]);
    expect(titles([...taken, { ...shared, minute: 63 }])).toEqual([]);
  });

  it("matches without a time or without the field that is grouped by are left out, and counted", () => {
    const { findings, leftOut } = judged(
      observed([row(0), row(1), row(null), row(2, { ip: null }), row(3, { action: "user_login" })]),
    );
    expect(findings).toEqual([]);
    // Two correlations group by the address that one event does not have.
    expect(leftOut).toEqual({ cut: 0, undated: 1, ungrouped: 2, turnedAway: 0 });
  });

  it("of more matches than are kept the earliest are let go, and counted, whatever the split", () => {
    const match = (at: number): KeptMatch => ({
      at,
      id: `${at}`,
      about: "slack|p|a",
      seen: [{ correlation: "c", grouped: { group: [], value: null } }],
      sample: {
        eventId: `${at}`,
        at,
        classIndex: 0,
        action: "",
        summary: "",
        ref: { source: 0, line: at },
      },
    });
    const part = (from: number, to: number): Kept => {
      const matches = Array.from({ length: to - from }, (_, i) => match(from + i));
      return new Map([["r", { count: to - from, undated: 0, ungrouped: 0, matches }]]);
    };
    const more = 40_000;
    for (const cut of [100, KEPT_MAX]) {
      const kept: Kept = new Map();
      mergeKept(kept, part(cut, KEPT_MAX + more));
      mergeKept(kept, part(0, cut));
      const held = kept.get("r");
      expect(held?.matches.length).toBeLessThanOrEqual(KEPT_MAX * 1.25);
      const times = held === undefined ? [] : keptOf(held).map(({ at }) => at);
      expect([times.length, times[0], times.at(-1)]).toEqual([KEPT_MAX, more, KEPT_MAX + more - 1]);
      expect(alertsOf(kept, []).leftOut.cut).toBe(more);
    }
  });
});

describe("the finding of a correlation", () => {
  const rows = [0, 1, 2, 3].map((minute) =>
    row(minute, { file: minute, who: minute === 0 ? 2 : 1 }),
  );
  const found = judged(observed(rows)).findings;

  it("carries level, confidence, window, figure and group, and is about whom most of it is about", () => {
    expect(found).toMatchObject([
      {
        detector: "sigma:aaaaaaaa-3333-4333-8333-333333333333",
        title: "Files of many",
        severity: "low",
        confidence: 0.6,
        principal: "user1@example.com",
        window: { from: START, to: START + 3 * MINUTE_MS + 1 },
      },
    ]);
    expect(found[0]?.explanation).toBe(
      "The Sigma rule “Files of many” spoke at 2026-06-01 09:03:00 (UTC): 4 different values of entity.file.id in matches of “Downloaded” within 30 min; the rule asks for at least 4.",
    );
    expect(found[0]?.samples.map(({ eventId }) => eventId)).toEqual(
      rows.map((_, i) => `event-${i}`),
    );
  });

  it("is about an automation by the id that claims its others, whichever the records named", () => {
    const seen = newObservations();
    const bot = (id: string, aliases: readonly string[]) =>
      automationRef("bot", id, { name: "Sync", aliases: [...aliases] });
    for (const [index, { minute, file }] of rows.entries()) {
      const record = { action: "file_downloaded", entity: { file: { id: `F${file}` } } };
      const event = auditEvent("slack", "slack:audit", "file_downloaded", {
        id: `event-${index}`,
        at: START + (minute ?? 0) * MINUTE_MS,
        class: "download",
        automation: index === 0 ? bot("A1", ["B1"]) : bot("B1", []),
      });
      observe(seen, event, matcher(record, "slack", "slack:audit")[0]);
    }
    const { findings, automations } = judged(seen);
    expect(automations.map(({ nativeId }) => nativeId)).toEqual(["A1"]);
    expect(findings).toMatchObject([
      { title: "Files of many", automationId: automations[0]?.id, principal: null },
    ]);
    expect(automations[0]?.risk.score).toBeGreaterThan(0);
  });

  it("names group and order, and how it is when it goes on", () => {
    const shared = (minute: number) => row(minute, { action: "file_public_link_created" });
    const [then] = judged(observed([row(0), row(1), row(2), shared(3), shared(4)])).findings;
    expect(then?.explanation).toMatch(
      /matches of 2 rules among “Many downloads” and “Shared” in this order within 1 h, for context\.ip_address = 192\.0\.2\.1; the rule asks for at least 2\. It held until 2026-06-01 09:04:00/,
    );
  });

  it("keeps its id when more is seen of it, so that it is updated and not doubled", () => {
    const more = judged(observed([...rows, row(5, { file: 9, who: 0 })])).findings;
    expect(more.map(({ id }) => id)).toEqual(found.map(({ id }) => id));
    expect(more[0]?.explanation).toContain("5 different values");
  });
});
