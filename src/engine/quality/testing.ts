/** Invented subjects, labels and findings for the tests of measured quality. */

import { iso } from "#base/time.ts";
import type { Label } from "#contract/label.ts";
import type { Finding } from "#engine/assess.ts";
import { MONDAY } from "#engine/testing.ts";
import type { Subject } from "./subjects.ts";

const DAY_MS = 86_400_000;

export function testLabel(known: Partial<Label> = {}): Label {
  return {
    scenario: "slow-leak",
    title: "Files leave a few at a time",
    attackType: "data_exfiltration",
    techniques: ["T28"],
    platform: "slack",
    subjects: [],
    from: iso(MONDAY + 2 * DAY_MS) ?? "",
    to: iso(MONDAY + 4 * DAY_MS) ?? "",
    stealth: 0.3,
    ...known,
  };
}

/** A finding about one UTC day of the story. */
export function testFinding(day: number | null, known: Partial<Finding> = {}): Finding {
  const from = MONDAY + (day ?? 0) * DAY_MS;
  return {
    id: `finding-${day}-${known.automationId ?? ""}`,
    detector: "mass-download",
    techniques: ["T28"],
    title: "Many files downloaded",
    attackType: "data_exfiltration",
    severity: "high",
    confidence: 0.8,
    platform: "slack",
    automationId: "slack:A1",
    principal: null,
    window: day === null ? null : { from, to: from + DAY_MS },
    explanation: "Three files a day are normal; this is three hundred.",
    mitre: { attack: [], atlas: [], owasp: [] },
    samples: [],
    steps: [],
    shares: [],
    ...known,
  };
}

export function testSubject(id: string, known: Partial<Subject> = {}): Subject {
  return {
    platform: "slack",
    kind: "automation",
    id,
    automation: null,
    findings: [],
    score: 0,
    isPositive: false,
    attacks: [],
    lookalikes: [],
    ...known,
  };
}
