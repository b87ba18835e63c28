/** No detector and no joining of findings is worse than O(n log n): four times as much to judge never takes sixteen times the work. */

import { beforeAll, describe, expect, it } from "vitest";
import { prng } from "#base/prng.ts";
import { MINUTE_MS } from "#base/time.ts";
import { mitreOf } from "#catalog/techniques.ts";
import { automationFact, automationRef } from "#contract/automation.ts";
import { ACTION_CLASSES, CHANGE_KINDS, change, TRAITS } from "#contract/event.ts";
import { assess, type Finding, type Subject } from "#engine/assess.ts";
import { correlate } from "#engine/correlate/correlate.ts";
import { defineDetector, type View } from "#engine/detectors/detector.ts";
import { detectors } from "#engine/detectors/index.ts";
import { newObservations, type Observations, observe, observeState } from "#engine/observe.ts";
import { at, dana, event, MONDAY } from "#engine/testing.ts";
import { workOf } from "#test/work.ts";

/** Between the 4.8 of n log n and the 16 of n². */
const GROWTH_MAX = 7;
const SEED = 4;

/** A company with one app in the middle of everything: `events` of all classes and changes, by ever new people, over `days`. */
function crowd(seen: Observations, events: number, days: number, apps: number): void {
  const random = prng(SEED);
  const of = (index: number) =>
    automationRef("oauth_app", `app-${index % apps}`, {
      name: index % 2 === 0 ? "Deck Polisher" : `Deck Polisher ${index % apps}`,
      isVerified: false,
      domains: ["deck.example"],
    });
  for (let i = 0; i < events; i++) {
    const kind = CHANGE_KINDS[i % CHANGE_KINDS.length] ?? "granted";
    const who = dana(`p${i % (events / 2)}@example.com`);
    const app = of(random.int(0, apps - 1));
    const asSubject = i % 3 === 0;
    observe(seen, {
      ...event("google", `${kind}`, {
        id: `e${i}`,
        at: at(i % days, random.int(0, 23)) + random.int(0, 59) * MINUTE_MS,
        class: ACTION_CLASSES[i % ACTION_CLASSES.length] ?? "read",
        actor: who,
        automation: asSubject ? null : app,
        subject: asSubject ? app : null,
        target: { type: "file", id: `f${i}`, name: null },
        client: {
          ip: `198.51.${random.int(0, 255)}.${random.int(0, 255)}`,
          asn: String(64_500 + random.int(0, 40)),
          country: ["DE", "NL", "US"][i % 3] ?? null,
          userAgent: `agent/${random.int(0, 90)}`,
        },
        session: `s${random.int(0, 40)}`,
        traits: [TRAITS[i % TRAITS.length] ?? "injection"],
        bytes: random.int(0, 1_000_000),
        count: 5,
        change: change(kind, {
          scopes: [`https://www.googleapis.com/auth/drive`, `scope-${i % 50}`],
          consent: i % 5 === 0 ? "tenant" : "user",
          principal: who.id,
          destination: `x${i}@elsewhere.example`,
          detail: `detail ${i % 9}`,
        }),
      }),
    });
  }
  for (let i = 0; i < apps; i++) observeState(seen, automationFact("google", "state", of(i)));
}

/** What detectors get to see of it: everybody's view. */
function viewsOf(events: number, days: number, apps: number): View[] {
  const seen = newObservations();
  crowd(seen, events, days, apps);
  const views: View[] = [];
  const looker = defineDetector({
    id: "looker",
    title: "Looks",
    techniques: ["T01"],
    attackType: "backdoor",
    severity: "info",
    platforms: "all",
    judges: ["automation", "person"],
    options: {},
    detect: (view) => {
      views.push(view);
      return [];
    },
  });
  assess(seen, { orgId: "o", now: at(days), timeZone: "UTC", detectors: [looker] });
  return views;
}

/** Steps for each record that any detector may take, however few it took with fewer records: that much is linear. */
const STEPS_MAX = 80;

describe.each([
  ["records of one automation in a month", 3_000, 30, 1, GROWTH_MAX],
  ["automations of one maker and name", 1_000, 10, 40, GROWTH_MAX],
  // Each day is held against the days before it. Their number is the calendar's, whatever the number of records.
  ["days, with as many records each", 800, 20, 1, 16.5],
] as const)("with four times the %s", (name, records, days, apps, growthMax) => {
  let small: View[] = [];
  let large: View[] = [];
  beforeAll(() => {
    small = viewsOf(records, days, apps);
    large = viewsOf(
      records * 4,
      name.startsWith("days") ? days * 4 : days,
      name.startsWith("automations") ? apps * 4 : apps,
    );
  });

  it.each(detectors.map((one) => [one.id, one] as const))(
    "%s is no worse than O(n log n)",
    (_id, detector) => {
      const [few = 0, many = 0] = [small, large].map((views) => {
        const judged = views.filter(({ automation }) =>
          detector.judges.includes(automation === null ? "person" : "automation"),
        );
        return workOf(() => {
          for (const view of judged) detector.detect(view);
        });
      });
      expect(few).toBeGreaterThan(0);
      expect(many).toBeLessThan(Math.max(few * growthMax, records * 4 * STEPS_MAX));
    },
  );
});

describe("the counting of work", () => {
  it("tells a search in a list from a look-up", () => {
    const growth = (run: (texts: readonly string[]) => void) => {
      const [few = 0, many = 0] = [1_000, 4_000].map((n) => {
        const texts = Array.from({ length: n }, (_, index) => `t${index}`);
        return workOf(() => run(texts));
      });
      return many / few;
    };
    expect(growth((texts) => texts.filter((text) => texts.includes(text)))).toBeGreaterThan(14);
    const asSet = growth((texts) => {
      const set = new Set(texts);
      for (const text of texts) set.has(text);
    });
    expect(asSet).toBeLessThan(5);
  });
});

describe("joining findings into chains", () => {
  /** `n` findings, in stages as an intruder goes through them, and the subjects that they are about. */
  function crowded(n: number, apps: number): [Finding[], Subject[]] {
    const views = viewsOf(apps * 20, 5, apps);
    const subjects = views.filter(({ automation }) => automation !== null);
    const findings = Array.from({ length: n }, (_, index): Finding => {
      const automation = subjects[index % subjects.length]?.automation;
      const [technique = "T01", detector = "a"] =
        [
          ["T01", "a"],
          ["T10", "b"],
          ["T28", "c"],
          ["T32", "d"],
        ][Math.floor(index / subjects.length) % 4] ?? [];
      return {
        id: `finding-${index}`,
        detector,
        techniques: [technique],
        title: "Something",
        attackType: "data_exfiltration",
        severity: "high",
        confidence: 0.8,
        platform: "google",
        automationId: automation?.id ?? null,
        principal: null,
        window: { from: MONDAY + index * MINUTE_MS, to: MONDAY + (index + 1) * MINUTE_MS },
        explanation: "",
        mitre: mitreOf([technique]),
        samples: [],
        steps: [],
        shares: [],
      };
    });
    return [findings, subjects];
  }

  it.each([
    ["findings of ten automations", 1_000, 10],
    ["findings, each automation with its own few", 400, 100],
  ])("four times the %s take less than seven times the work", (_name, n, apps) => {
    const [few = 0, many = 0] = [1, 4].map((times) => {
      const [findings, subjects] = crowded(n * times, apps === 10 ? 10 : apps * times);
      let chains = 0;
      const work = workOf(() => {
        chains = correlate(findings, subjects).length;
      });
      expect(chains).toBeGreaterThan(0);
      return work;
    });
    expect(many / few).toBeLessThan(GROWTH_MAX);
  });
});
