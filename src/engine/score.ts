/** From findings and reach to one risk an automation, with the reasons that add up to it. */

import { compareText } from "#base/order.ts";
import type { Classification, Severity } from "#contract/finding.ts";
import type { Risk, RiskReason } from "#contract/report.ts";
import type { Finding } from "./assess.ts";
import { type Stage, stageOf } from "./correlate/stage.ts";
import type { Automation } from "./inventory/automation.ts";

/**
 * Points of one fully confident finding. Chosen so that one critical finding reaches the level critical, and that a medium
 * one is no more than a hint.
 */
const FINDING_POINTS: Readonly<Record<Severity, number>> = {
  critical: 80,
  high: 45,
  medium: 20,
  low: 8,
  info: 2,
};

/**
 * Of findings about one stage of an intrusion (see `correlate/stage.ts`) each further one adds this share of what the one
 * before it did, for they mostly tell the same thing in other words. Findings about different stages count in full.
 */
const FURTHER_SHARE = 0.35;

/**
 * Detectors whose claims tell what is so, and nothing that happened: too many rights, nobody who answers, a product that
 * nobody approved. On the simulated companies of tuning they are about as common among honest automations as among
 * stolen ones (likelihood ratios of 1 to 4, where a change of an automation's own habits has 80 and more).
 */
export const STATES: ReadonlySet<string> = new Set([
  "orphan-acting",
  "shadow-ai",
  "stale-credential",
  "unused-privilege",
  "unverified-high-reach",
]);

/**
 * What a detector's points are multiplied by, where its kind of claim is worth more or less than its severity says. Measured
 * on the tuning seeds as the likelihood ratio of a medium finding: how many times more often stolen automations have one.
 *
 * Another place, another task, another session: 200 to 1,000. Nothing honest does these every day, and a careful thief, who
 * keeps amounts low, cannot do without.
 *
 * Amounts of what campaigns, launches, mailings and closings make in honest heaps: 70 to 140. And `api-volume` counts calls
 * of whatever kind, which rise with everything that a more particular detector has told already.
 */
export const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ["new-behaviour", 1.3],
  ["new-infrastructure", 1.3],
  ["stolen-session", 1.3],
  ["ai-drain", 0.8],
  ["api-volume", 0.8],
  ["message-flood", 0.8],
  ["public-link-spree", 0.8],
]);

/** What states may add, all together, to the suspicion of an automation: they support what happened and never replace it. */
const STATE_POINTS_MAX = 12;

/** Whose word rests on the id or name alone: it says that something is here, not that it did anything. */
const BY_NAME: ReadonlySet<string> = new Set(["known-abused-app"]);

/** Points for what an automation could do if it turned, before it does anything. */
const REACH_POINTS: Readonly<Record<string, number>> = { critical: 25, high: 15, medium: 5 };

/** Score from which each level starts. */
const LEVELS: readonly (readonly [number, Severity])[] = [
  [80, "critical"],
  [60, "high"],
  [35, "medium"],
  [15, "low"],
  [0, "info"],
];

/**
 * 0..100 with its reasons, heaviest first, whose points add up to it. `findings` are those about this automation. Where
 * there is more than a hundred, every reason gives way in proportion.
 */
export function riskOf(automation: Automation, findings: readonly Finding[]): Risk {
  return riskFrom([...findingReasons(findings), ...reachReasons(automation)]);
}

/** A person's risk: what was found, with the same points, and no reach of an app. */
export function riskOfPerson(findings: readonly Finding[]): Risk {
  return riskFrom(findingReasons(findings));
}

function riskFrom(all: readonly RiskReason[]): Risk {
  const reasons = all
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || compareText(a.code, b.code));
  const total = sum(reasons);
  const score = Math.min(100, Math.round(total));
  return { score, level: levelOf(score), reasons: apportioned(reasons, score, total) };
}

/** Whole points that add up to the score: rounded down, then the largest remainders get what is left (Hamilton's method). */
function apportioned(reasons: readonly RiskReason[], score: number, total: number): RiskReason[] {
  const exact = reasons.map(({ points }) => (points * score) / Math.max(total, 1e-9));
  const whole = exact.map(Math.floor);
  const order = exact.map((_, index) => index);
  const remainder = (index: number): number => (exact[index] ?? 0) - (whole[index] ?? 0);
  order.sort((a, b) => remainder(b) - remainder(a) || a - b);
  const left = score - whole.reduce((total, points) => total + points, 0);
  for (const index of order.slice(0, left)) whole[index] = (whole[index] ?? 0) + 1;
  return reasons
    .map((reason, index) => ({ ...reason, points: whole[index] ?? 0 }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || compareText(a.code, b.code));
}

function levelOf(score: number): Severity {
  return LEVELS.find(([floor]) => score >= floor)?.[1] ?? "info";
}

/**
 * One reason a detector and stage: its worst finding there counts, others of the same stage ever less. A detector that speaks of two
 * stages counts in both, so that one more finding can only add.
 */
function findingReasons(findings: readonly Finding[]): RiskReason[] {
  const claims = new Map<string, Claim>();
  for (const finding of findings) {
    const stage = stageOf(finding.techniques);
    const weight = WEIGHTS.get(finding.detector) ?? 1;
    const points = FINDING_POINTS[finding.severity] * finding.confidence * weight;
    const key = `${finding.detector}|${stage}`;
    const held = claims.get(key);
    if (held === undefined || isWorse(points, finding, held)) {
      claims.set(key, { stage, worst: finding, points, times: (held?.times ?? 0) + 1 });
    } else held.times++;
  }
  const stages = Map.groupBy(claims.values(), ({ stage }) => stage);
  return [...stages.values()].flatMap((some) =>
    some
      .sort((a, b) => b.points - a.points || compareText(a.worst.detector, b.worst.detector))
      .map(({ worst, points, times }, rank) => ({
        code: worst.detector,
        points: round(points * FURTHER_SHARE ** rank),
        text: times === 1 ? worst.title : `${worst.title} (${times} times)`,
      })),
  );
}

/** Of equals the title that sorts first, whatever came first. */
function isWorse(points: number, { title }: Finding, held: Claim): boolean {
  return points > held.points || (points === held.points && title < held.worst.title);
}

interface Claim {
  readonly stage: Stage | null;
  readonly worst: Finding;
  readonly points: number;
  times: number;
}

function reachReasons(automation: Automation): RiskReason[] {
  const { reach } = automation;
  const reasons: RiskReason[] = [];
  // What the vendor itself runs is weighed by what it does, not by what it could do.
  if (automation.isFirstParty) return reasons;
  const points = REACH_POINTS[reach.tier] ?? 0;
  if (points > 0) {
    reasons.push({
      code: "reach",
      points,
      text: `${reach.tier === "critical" ? "Critical" : reach.tier === "high" ? "High" : "Medium"} reach: ${reach.riskiest.slice(0, 3).join(", ")}`,
    });
  }
  const isWide = automation.grants.some(({ consent }) => consent === "tenant");
  if (isWide && points > 0) {
    reasons.push({ code: "tenant_wide", points: 6, text: "Granted for the whole tenant" });
  }
  if (automation.isVerified === false && automation.isInternal !== true && points >= 15) {
    reasons.push({ code: "unverified", points: 6, text: "Publisher not verified" });
  }
  if (automation.ai !== null && points >= 15) {
    reasons.push({ code: "ai_reach", points: 5, text: "An AI with high reach" });
  }
  if (automation.owners.length === 0 && points >= 15) {
    reasons.push({ code: "no_owner", points: 4, text: "Nobody is known to answer for it" });
  }
  return reasons;
}

/**
 * From so many points of its findings on an automation is suspicious: a high finding as likely as not, or milder ones about
 * different stages that say so together. One unusual day alone is none: behaviour has honest reasons every day.
 */
const SUSPICIOUS_POINTS = 20;
/** A score from which it is taken for malicious until somebody has looked. */
const MALICIOUS_SCORE = 85;

/** What it is, as far as the findings and the facts go; never from a name of a test. */
export function classify(
  automation: Automation,
  risk: Risk,
  findings: readonly Finding[],
): Classification {
  // A known client id alone decides nothing: whoever is called malicious must have done something that was found, too.
  const happened = findings.filter(({ detector }) => !BY_NAME.has(detector));
  const isDamning = happened.some(
    ({ severity, confidence }) => severity === "critical" && confidence >= 0.9,
  );
  if (isDamning) return "malicious";
  if (isSuspicious(findings)) {
    const isSure = risk.score >= MALICIOUS_SCORE && isSuspicious(happened);
    return isSure ? "malicious" : "suspicious";
  }
  const isVouched =
    automation.isFirstParty || automation.isVerified === true || automation.isInternal === true;
  return isVouched ? "legitimate" : "unknown";
}

/** Whether findings together deserve somebody's look: the line at which an alert goes out, for automations and people. */
export function isSuspicious(findings: readonly Finding[]): boolean {
  const { state = [], act = [] } = Object.groupBy(findings, ({ detector }) =>
    STATES.has(detector) ? "state" : "act",
  );
  // Counted apart, so that a state never takes the full weight of a stage away from what happened in it.
  const points = sum(findingReasons(act)) + Math.min(sum(findingReasons(state)), STATE_POINTS_MAX);
  return points >= SUSPICIOUS_POINTS;
}

function sum(reasons: readonly RiskReason[]): number {
  return reasons.reduce((total, { points }) => total + points, 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
