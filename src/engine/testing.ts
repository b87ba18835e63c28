/** How a detector is tested: stories of audit events that must make it speak, and look-alikes that must not. */

import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { type AutomationRef, automationRef, type StateFact } from "#contract/automation.ts";
import { type AuditEvent, auditEvent, person } from "#contract/event.ts";
import { isAtLeast, type Severity } from "#contract/finding.ts";
import type { Platform } from "#contract/platform.ts";
import { assess, type Finding } from "./assess.ts";
import type { Detector } from "./detectors/detector.ts";
import { newObservations, observe, observeState } from "./observe.ts";

/** Monday 2026-06-01 00:00 UTC: the first day of every story. */
export const MONDAY = Date.UTC(2026, 5, 1);

/** What happened, in any order. */
export interface Story {
  readonly events?: readonly AuditEvent[];
  readonly state?: readonly StateFact[];
}

export interface FiringStory extends Story {
  /** How many findings the story deserves; 1 unless given. */
  readonly findings?: number;
  readonly severityMin?: Severity;
  readonly confidenceMin?: number;
  /** Words that the explanation must contain. */
  readonly says?: readonly string[];
}

export interface DetectorCases {
  /** At least two. */
  readonly fires: Readonly<Record<string, FiringStory>>;
  /** At least three benign look-alikes. */
  readonly quiet: Readonly<Record<string, Story>>;
  /** At least one evasion: caught, or missed and named under Blind spots in the README. */
  readonly evasions: Readonly<Record<string, Story & { readonly isCaught: boolean }>>;
}

/** Declares the tests of one detector, run through the whole engine, so that folding and scoring are in it too. */
export function testDetector(detector: Detector, cases: DetectorCases): void {
  describe(detector.id, () => {
    it("has enough cases", () => {
      expect(Object.keys(cases.fires).length).toBeGreaterThanOrEqual(2);
      expect(Object.keys(cases.quiet).length).toBeGreaterThanOrEqual(3);
      expect(Object.keys(cases.evasions).length).toBeGreaterThanOrEqual(1);
    });
    it.each(Object.entries(cases.fires))("fires: %s", (_name, story) => {
      const findings = findingsOf(detector, story);
      expect(findings).toHaveLength(story.findings ?? 1);
      for (const finding of findings) {
        expect(isAtLeast(finding.severity, story.severityMin ?? "info")).toBe(true);
        expect(finding.confidence).toBeGreaterThanOrEqual(story.confidenceMin ?? 0.1);
        expect(finding.explanation.length).toBeGreaterThan(40);
      }
      const explained = findings.map(({ explanation }) => explanation).join("\n");
      for (const words of story.says ?? []) expect(explained).toContain(words);
    });
    it.each(Object.entries(cases.fires))("tells the same in any order: %s", (_name, story) => {
      const forward = findingsOf(detector, story);
      const backward = findingsOf(detector, {
        events: [...(story.events ?? [])].reverse(),
        state: [...(story.state ?? [])].reverse(),
      });
      expect(backward).toEqual(forward);
    });
    it.each(Object.entries(cases.quiet))("stays quiet: %s", (_name, story) => {
      expect(findingsOf(detector, story)).toEqual([]);
    });
    it.each(Object.entries(cases.evasions))("evasion: %s", (_name, story) => {
      expect(findingsOf(detector, story).length > 0).toBe(story.isCaught);
    });
  });
}

/** The findings of one detector over a story, by the real way: observe, resolve, assess. */
export function findingsOf(detector: Detector, story: Story): readonly Finding[] {
  const seen = newObservations();
  for (const event of story.events ?? []) {
    // Builders give no id; one from time and content keeps stories the same in any order.
    observe(seen, event.id === "" ? { ...event, id: storyId(event) } : event);
  }
  for (const fact of story.state ?? []) observeState(seen, fact);
  const last = Math.max(MONDAY, ...(story.events ?? []).map(({ at }) => at ?? 0));
  return assess(seen, {
    orgId: "story",
    now: last,
    timeZone: "UTC",
    detectors: [detector],
  }).findings;
}

function storyId(event: AuditEvent): string {
  return `${event.at}/${event.action}/${event.actor.id}/${event.target?.id ?? ""}/${event.subject?.nativeId ?? ""}`;
}

/** Epoch milliseconds of a moment of the story: day 0 is Monday. */
export function at(day: number, hour = 10, minute = 0, second = 0): number {
  return MONDAY + day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1_000;
}

/** Somebody of the organization, unless given another address. */
export function dana(email = "dana@example.com") {
  return person(email, null, { name: email.split("@")[0] ?? email });
}

/** An OAuth app with everything else unknown. */
export function app(
  nativeId: string,
  known: Partial<Omit<AutomationRef, "nativeId">> = {},
): AutomationRef {
  return automationRef(known.kind ?? "oauth_app", nativeId, known);
}

/** One event of a story. */
export function event(
  platform: Platform,
  action: string,
  known: Partial<Omit<AuditEvent, "platform" | "action">>,
): AuditEvent {
  return auditEvent(platform, known.service ?? `${platform}:audit`, action, {
    outcome: "success",
    actor: dana(),
    ...known,
  });
}

/** The same event `times` times, `everyMs` apart, each with its own target so that none is a duplicate. */
export function repeat(
  times: number,
  everyMs: number,
  build: (index: number) => AuditEvent,
): AuditEvent[] {
  return Array.from({ length: times }, (_, index) => {
    const one = build(index);
    const target = one.target ?? { type: "item", id: `item-${index}`, name: null };
    return { ...one, target, at: one.at === null ? null : one.at + index * everyMs };
  });
}
