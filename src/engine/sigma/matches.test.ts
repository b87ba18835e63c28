import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS } from "#base/time.ts";
import { auditEvent, person } from "#contract/event.ts";
import { assess } from "#engine/assess.ts";
import { mergeObservations, newObservations, observe } from "#engine/observe.ts";
import { type Hit, MATCH_SAMPLES_MAX } from "./matches.ts";
import type { RuleFacts } from "./rule-finding.ts";

const START = Date.UTC(2026, 5, 1);

const rule = (key: string, more: Partial<RuleFacts> = {}): RuleFacts => ({
  key,
  title: `Rule ${key}`,
  description: "Detects things.",
  level: "high",
  status: "test",
  tags: ["attack.persistence", "attack.t1098.001", "singura.t11"],
  falsePositives: ["Unknown", "Rotation by the owner"],
  ...more,
});
const RULES = [rule("one"), rule("two", { level: "low", tags: [] })];

interface Seen {
  readonly minute: number;
  readonly who: number;
  readonly rules: readonly string[];
}

const hits = (rules: readonly string[]): Hit[] => rules.map((key) => ({ rule: key, seen: [] }));

function event({ minute, who }: Seen, index: number) {
  return auditEvent("slack", "slack:audit", "file_downloaded", {
    id: `event-${index}`,
    at: START + minute * 60_000,
    class: "download",
    actor: person(`user${who}@example.com`, null),
  });
}

const some = fc.array(
  fc.record({
    minute: fc.nat({ max: 3 * 24 * 60 }),
    who: fc.nat({ max: 2 }),
    rules: fc.subarray(["one", "two"]),
  }),
  { maxLength: 60 },
);

const judged = (seen: ReturnType<typeof newObservations>) =>
  assess(seen, {
    orgId: "test",
    now: START + 4 * DAY_MS,
    timeZone: "UTC",
    detectors: [],
    rules: RULES,
  }).findings;

describe("matches", () => {
  it("folded in any order and in any split, they make the same findings", () => {
    const shuffled = some.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray([...events.keys()], { minLength: events.length }),
        fc.array(fc.nat({ max: 3 }), { minLength: events.length, maxLength: events.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([events, order, lanes]) => {
        const whole = newObservations();
        for (const [index, one] of events.entries())
          observe(whole, event(one, index), hits(one.rules));
        const parts = Array.from({ length: 4 }, () => newObservations());
        for (const index of order) {
          const one = events[index];
          const part = parts[lanes[index] ?? 0];
          if (one !== undefined && part !== undefined)
            observe(part, event(one, index), hits(one.rules));
        }
        const merged = newObservations();
        for (const part of parts.reverse()) mergeObservations(merged, part);
        expect(judged(merged)).toEqual(judged(whole));
      }),
    );
  });

  it("however many there are in a day, it is one finding that counts them all and shows the first few", () => {
    const seen = newObservations();
    for (let i = 0; i < 200; i++)
      observe(seen, event({ minute: 199 - i, who: 1, rules: [] }, i), hits(["one"]));
    const [found, ...more] = judged(seen);
    expect(more).toEqual([]);
    expect(found?.explanation).toMatch(/matched 200 records on 2026-06-01/);
    expect(found?.samples.map(({ at }) => at)).toEqual(
      Array.from({ length: MATCH_SAMPLES_MAX }, (_, i) => START + i * 60_000),
    );
  });
});

describe("the finding", () => {
  const seen = newObservations();
  observe(seen, event({ minute: 1, who: 1, rules: [] }, 0), hits(["one", "two", "gone"]));
  const findings = judged(seen);
  const [high, low] = findings;

  it("carries the rule's level, its techniques by tag, and the ATT&CK ids that its tags name", () => {
    expect(high).toMatchObject({
      detector: "sigma:one",
      title: "Rule one",
      severity: "high",
      techniques: ["T11"],
      attackType: "backdoor",
      principal: "user1@example.com",
      window: { from: START, to: START + DAY_MS },
    });
    expect(high?.mitre.attack).toContain("T1098.001");
    expect(low).toMatchObject({ detector: "sigma:two", severity: "low", techniques: [] });
  });

  it("names the honest reasons that the rule names, and not that none is known", () => {
    expect(high?.explanation).toContain("Honest reasons, by its authors: Rotation by the owner.");
    expect(high?.explanation).not.toContain("Unknown");
  });

  it("is not made for a rule that is no longer asked for", () => {
    expect(findings).toHaveLength(2);
  });

  it("keeps its id when more of the day is seen, so that it is updated and not doubled", () => {
    observe(seen, event({ minute: 5, who: 1, rules: [] }, 1), hits(["one"]));
    expect(judged(seen)[0]?.id).toBe(high?.id);
  });
});
