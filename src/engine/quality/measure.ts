/** From judged subjects and labels to every figure of one run. */

import { compareText } from "#base/order.ts";
import { ascending, quantile } from "#base/stats.ts";
import { HOUR_MS } from "#base/time.ts";
import { AttackType, isAtLeast } from "#contract/finding.ts";
import type { Label, RosterEntry } from "#contract/label.ts";
import { Platform } from "#contract/platform.ts";
import type { CurvePoint, Group, Mistake, QualityFigures } from "#contract/quality.ts";
import type { Finding } from "#engine/assess.ts";
import { type Detector, techniquesOf } from "#engine/detectors/detector.ts";
import { alertRate, alertsOf } from "./alerts.ts";
import { countOutcomes, ratesOf, ratio } from "./counts.ts";
import { areaUnder, curveOf, type Ranked } from "./curve.ts";
import { isAbout, type Subject, spanOf } from "./subjects.ts";

export interface MeasureOptions {
  readonly labels: readonly Label[];
  readonly roster: readonly RosterEntry[];
  /** Those that judged; whoever found nothing is listed all the same. */
  readonly detectors: readonly Pick<Detector, "id" | "techniques" | "alsoTechniques">[];
  /** Length of the run. */
  readonly days: number;
}

export interface Quality {
  readonly figures: QualityFigures;
  readonly curve: readonly CurvePoint[];
  readonly ranked: readonly Ranked[];
  readonly missed: readonly Mistake[];
  readonly falseAlarms: readonly Mistake[];
}

/** So many mistakes are named; all are counted. */
const MISTAKES_MAX = 200;

/** Measures one run. Pure: verdicts of analysts have no way in, so feedback cannot flatter a figure. */
export function measure(subjects: readonly Subject[], options: MeasureOptions): Quality {
  const { labels, detectors, days } = options;
  const attacks = labels.filter(({ attackType }) => attackType !== null);
  const automations = subjects.filter(({ kind }) => kind === "automation");
  const ranked = subjects.map(rankedOf);
  return {
    figures: {
      total: groupOf(subjects),
      automations: groupOf(automations),
      people: groupOf(subjects.filter(({ kind }) => kind === "person")),
      byPlatform: byPlatform(subjects),
      byAttackType: byAttackType(subjects),
      byDetector: byDetector(detectors, subjects, attacks),
      attacks: attackFigures(subjects, attacks),
      byScenario: byScenario(subjects, attacks),
      lookalikes: byLookalike(subjects, labels),
      hoursToDetect: delays(subjects),
      alerts: alertFigures(subjects, automations.length, days),
      inventory: inventoryFigures(automations, options.roster),
    },
    curve: curveOf(ranked),
    ranked,
    missed: mistakes(subjects.filter((one) => isAttacked(one) && !one.isPositive)),
    falseAlarms: mistakes(subjects.filter((one) => !isAttacked(one) && one.isPositive)),
  };
}

export function isAttacked({ attacks }: Subject): boolean {
  return attacks.length > 0;
}

function rankedOf(subject: Subject): Ranked {
  return { score: subject.score, isAttack: isAttacked(subject) };
}

function groupOf(
  subjects: readonly Subject[],
  isSuspected: (subject: Subject) => boolean = ({ isPositive }) => isPositive,
): Group {
  const counts = countOutcomes(
    subjects.map((subject) => ({
      isPositive: isSuspected(subject),
      isAttack: isAttacked(subject),
    })),
  );
  const { precision, recall, f1, falsePositiveRate } = ratesOf(counts);
  const auc = areaUnder(curveOf(subjects.map(rankedOf)));
  return { subjects: subjects.length, ...counts, precision, recall, f1, falsePositiveRate, auc };
}

function byPlatform(subjects: readonly Subject[]): QualityFigures["byPlatform"] {
  const of = Map.groupBy(subjects, ({ platform }) => platform);
  return Object.fromEntries(
    Platform.options.flatMap((platform) => {
      const own = of.get(platform);
      return own === undefined ? [] : [[platform, groupOf(own)]];
    }),
  );
}

/**
 * The subjects of each kind of attack, against all the innocent. A false positive counts for the kind of attack that its
 * worst finding claims, so each counts once.
 */
function byAttackType(subjects: readonly Subject[]): QualityFigures["byAttackType"] {
  return Object.fromEntries(
    AttackType.options.flatMap((type) => {
      const members = subjects.filter(
        ({ attacks }) =>
          attacks.length === 0 || attacks.some(({ attackType }) => attackType === type),
      );
      if (!members.some(isAttacked)) return [];
      return [
        [
          type,
          groupOf(members, (subject) =>
            isAttacked(subject)
              ? subject.isPositive
              : subject.isPositive && subject.findings[0]?.attackType === type,
          ),
        ],
      ];
    }),
  );
}

/**
 * A finding is a true positive when an attack names one of its subjects and it may be about that attack. Recall is over the
 * attacks with a technique that the detector claims: what it never set out to find is not held against it.
 */
function byDetector(
  detectors: MeasureOptions["detectors"],
  subjects: readonly Subject[],
  attacks: readonly Label[],
): QualityFigures["byDetector"] {
  const found = new Map<string, Map<string, Claim>>(detectors.map(({ id }) => [id, new Map()]));
  for (const subject of subjects) {
    for (const finding of subject.findings) {
      const own = found.get(finding.detector) ?? new Map<string, Claim>();
      found.set(finding.detector, own);
      // A chain is about several subjects and still one finding.
      const claim = own.get(finding.id) ?? { finding, about: new Set() };
      own.set(finding.id, claim);
      for (const label of subject.attacks) {
        if (isAbout(finding, label)) claim.about.add(label);
      }
    }
  }
  return Object.fromEntries(
    [...found.keys()].sort().map((id) => {
      const claims = [...(found.get(id)?.values() ?? [])];
      const techniques =
        claimsOf(detectors.find((detector) => detector.id === id)) ??
        claims.flatMap(({ finding }) => finding.techniques);
      return [id, detectorFigures(claims, new Set(techniques), attacks)];
    }),
  );
}

interface Claim {
  readonly finding: Finding;
  readonly about: Set<Label>;
}

function detectorFigures(
  claims: readonly Claim[],
  techniques: ReadonlySet<string>,
  attacks: readonly Label[],
): QualityFigures["byDetector"][string] {
  const wrong = claims.filter(({ about }) => about.size === 0);
  const tp = claims.length - wrong.length;
  const claimed = attacks.filter((label) => label.techniques.some((one) => techniques.has(one)));
  const hit = new Set(claims.flatMap(({ about }) => [...about]));
  const caught = claimed.filter((label) => hit.has(label)).length;
  return {
    findings: claims.length,
    tp,
    fp: wrong.length,
    falseAlarms: wrong.filter(({ finding }) => isAtLeast(finding.severity, "medium")).length,
    precision: ratio(tp, claims.length),
    labels: claimed.length,
    caught,
    recall: ratio(caught, claimed.length),
  };
}

function attackFigures(
  subjects: readonly Subject[],
  attacks: readonly Label[],
): QualityFigures["attacks"] {
  const suspected = subjects.filter((one) => isAttacked(one) && one.isPositive);
  const caught = new Set(suspected.flatMap((one) => one.attacks)).size;
  const lucky = suspected.filter(
    ({ attacks: own, findings }) =>
      !own.some((label) => findings.some((finding) => isAbout(finding, label))),
  ).length;
  return { labels: attacks.length, caught, recall: ratio(caught, attacks.length), lucky };
}

function byScenario(
  subjects: readonly Subject[],
  attacks: readonly Label[],
): QualityFigures["byScenario"] {
  return Object.fromEntries(
    scenariosOf(attacks).flatMap((label) => {
      if (label.attackType === null) return [];
      const own = subjects.filter((one) =>
        one.attacks.some((of) => of.scenario === label.scenario),
      );
      const caught = own.filter(({ isPositive }) => isPositive);
      const hours = caught.flatMap((one) => hoursToDetect(one) ?? []);
      const { title, attackType, platform } = label;
      const recall = ratio(caught.length, own.length);
      const figures = { subjects: own.length, caught: caught.length, recall };
      return [
        [
          label.scenario,
          { title, attackType, platform, ...figures, hoursToDetect: quantileOf(hours, 0.5) },
        ],
      ];
    }),
  );
}

function byLookalike(
  subjects: readonly Subject[],
  labels: readonly Label[],
): QualityFigures["lookalikes"] {
  const benign = labels.filter(({ attackType }) => attackType === null);
  return Object.fromEntries(
    scenariosOf(benign).map(({ scenario, title, platform }) => {
      const own = subjects.filter(
        (one) => !isAttacked(one) && one.lookalikes.some((of) => of.scenario === scenario),
      );
      const suspected = own.filter(({ isPositive }) => isPositive).length;
      return [scenario, { title, platform, subjects: own.length, suspected }];
    }),
  );
}

/** One label for each scenario, by its id. */
function scenariosOf(labels: readonly Label[]): Label[] {
  const first = new Map<string, Label>();
  for (const label of labels) if (!first.has(label.scenario)) first.set(label.scenario, label);
  return [...first.values()].sort((a, b) => compareText(a.scenario, b.scenario));
}

/**
 * From the first record of an attack to the end of the first window in which a finding of severity medium or worse speaks
 * of it. Windows are mostly UTC days, so the wait for the day's end is in it. Null where nobody is suspected, and where
 * only findings without a window speak.
 */
export function hoursToDetect(subject: Subject): number | null {
  if (!subject.isPositive) return null;
  let first: number | null = null;
  for (const label of subject.attacks) {
    const { from } = spanOf(label);
    for (const finding of subject.findings) {
      if (finding.window === null || !isAtLeast(finding.severity, "medium")) continue;
      if (!isAbout(finding, label)) continue;
      const hours = Math.max(0, finding.window.to - from) / HOUR_MS;
      first = Math.min(first ?? hours, hours);
    }
  }
  return first;
}

function delays(subjects: readonly Subject[]): QualityFigures["hoursToDetect"] {
  const hours = subjects.flatMap((subject) => hoursToDetect(subject) ?? []);
  return {
    measured: hours.length,
    median: quantileOf(hours, 0.5),
    p90: quantileOf(hours, 0.9),
  };
}

function quantileOf(values: readonly number[], q: number): number | null {
  return values.length === 0 ? null : quantile(ascending(values), q);
}

function alertFigures(
  subjects: readonly Subject[],
  automations: number,
  days: number,
): QualityFigures["alerts"] {
  let all = 0;
  let wrong = 0;
  for (const subject of subjects) {
    const alerts = alertsOf(subject).length;
    all += alerts;
    if (!isAttacked(subject)) wrong += alerts;
  }
  return {
    all,
    false: wrong,
    perThousandPerDay: alertRate(all, automations, days),
    falsePerThousandPerDay: alertRate(wrong, automations, days),
  };
}

function inventoryFigures(
  automations: readonly Subject[],
  roster: readonly RosterEntry[],
): QualityFigures["inventory"] {
  const known = new Set(
    automations.flatMap(({ platform, automation }) =>
      automation === null
        ? []
        : [automation.nativeId, ...automation.aliases].map((id) => `${platform}|${id}`),
    ),
  );
  const real = new Set(roster.map(({ platform, nativeId }) => `${platform}|${nativeId}`));
  const found = [...real].filter((key) => known.has(key)).length;
  return { roster: real.size, found, recall: ratio(found, real.size) };
}

function mistakes(subjects: readonly Subject[]): Mistake[] {
  return [...subjects]
    .sort((a, b) => b.score - a.score || compareText(a.id, b.id))
    .slice(0, MISTAKES_MAX)
    .map(({ platform, kind, id, score, findings, attacks, lookalikes }) => ({
      platform,
      kind,
      id,
      scenario: (attacks[0] ?? lookalikes[0])?.scenario ?? null,
      score,
      detectors: [...new Set(findings.map(({ detector }) => detector))],
    }));
}

function claimsOf(
  detector: Pick<Detector, "techniques" | "alsoTechniques"> | undefined,
): readonly string[] | null {
  return detector === undefined ? null : techniquesOf(detector);
}
