/** Joins findings of one automation, vendor or person, over several platforms, into chains in event time (T76). */

import { compareText } from "#base/order.ts";
import { DAY_MS, HOUR_MS, iso } from "#base/time.ts";
import { skeleton } from "#catalog/names.ts";
import { isAtLeast, SEVERITIES, type Severity } from "#contract/finding.ts";
import { PLATFORM_TITLES, type Platform } from "#contract/platform.ts";
import type { Finding, Subject } from "#engine/assess.ts";
import type { Evidence } from "#engine/detectors/detector.ts";
import { listing } from "#engine/detectors/window.ts";
import { bySampleOrder, type Sample } from "#engine/profile/sample.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";
import { ENTRY_CHANGES, STAGE_WORDS, STAGES, type Stage, stageOf } from "./stage.ts";

/** One step of a chain: a finding, or the change by which an automation came in. */
export interface Step {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly stage: Stage;
  readonly platform: Platform;
  readonly automationId: string | null;
  readonly principal: string | null;
  readonly title: string;
  /** Null for a change. */
  readonly findingId: string | null;
}

/** Whom a finding is about. */
export type Party = Pick<Finding, "platform" | "automationId" | "principal">;

/** What ties findings together, from close to loose. Apps of unknown vendors are tied by their folded name. */
type Tie = "automation" | "vendor" | "person";

export interface Chain {
  readonly tie: Tie;
  /** The automation, vendor or person that all steps have in common, for readers. */
  readonly by: string;
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  readonly evidence: Evidence;
  /** Whom the chain is booked to: the subject of its furthest finding, or of the worst that one person's hands let through. */
  readonly about: Finding;
  /**
   * Whose risk it counts for besides. What one automation or vendor did is in all its parts; of what merely went through one
   * person's hands only the worst is.
   */
  readonly shares: readonly Party[];
}

/** Steps further apart than this are no chain: one intruder with one token works within hours, with a planted secret within days. */
const GAP_MS: Readonly<Record<Tie, number>> = {
  automation: 72 * HOUR_MS,
  vendor: 24 * HOUR_MS,
  person: 24 * HOUR_MS,
};
/** Below this a finding is no step: chance meets chance too often. */
const STEP_CONFIDENCE_MIN = 0.25;
/** Within so long before its first finding the change by which an automation came in is shown as a step. */
const ENTRY_BEFORE_MS = 7 * DAY_MS;

/** So many people at most tie one finding: a team that tries an app together, not a company that is given one. */
const HANDS_MAX = 64;

/** A finding with its stage, moment and ties. */
interface Signal {
  readonly finding: Finding;
  readonly at: number;
  readonly stage: Stage;
  readonly ties: readonly Knot[];
}

interface Knot {
  readonly tie: Tie;
  /** The same for all that it ties. */
  readonly key: string;
  /** For readers. */
  readonly by: string;
}

/** Every chain among the findings, each as evidence for one finding. The same findings give the same chains in any order. */
export function correlate(findings: readonly Finding[], subjects: readonly Subject[]): Chain[] {
  const bySubject = new Map(subjects.map((subject) => [subjectKey(subject), subject]));
  const signals = findings.flatMap((finding) => signalOf(finding, bySubject.get(aboutOf(finding))));
  const groups = new Map<string, { tie: Tie; by: string; signals: Signal[] }>();
  for (const signal of signals) {
    for (const { tie, key, by } of signal.ties) {
      const group = groups.get(`${tie}|${key}`) ?? { tie, by, signals: [] };
      group.signals.push(signal);
      // Of several spellings the one that sorts first, whoever came first.
      if (by < group.by) group.by = by;
      groups.set(`${tie}|${key}`, group);
    }
  }
  const found = [...groups.values()].flatMap(({ tie, by, signals: some }) =>
    runsOf(some, GAP_MS[tie])
      .filter((run) => isChain(tie, run))
      // Hints that an administrator's many errands leave would only blur the story.
      .map((run) => ({ tie, by, run: tie === "person" ? run.filter(isFirm) : run })),
  );
  return withoutParts(found).map(({ tie, by, run }) => chainOf(tie, by, run, bySubject));
}

function signalOf(finding: Finding, subject: Subject | undefined): Signal[] {
  const stage = stageOf(finding.techniques);
  const at = momentOf(finding);
  if (stage === null || at === null || finding.confidence < STEP_CONFIDENCE_MIN) return [];
  return [{ finding, at, stage, ties: tiesOf(finding, subject) }];
}

/** The first record of its evidence, else the start of its window. */
function momentOf({ samples, window }: Finding): number | null {
  let first: number | null = null;
  for (const { at } of samples) {
    if (at !== null && (first === null || at < first)) first = at;
  }
  return first ?? window?.from ?? null;
}

function tiesOf(finding: Finding, subject: Subject | undefined): Knot[] {
  if (finding.principal !== null) return [personKnot(finding.principal)];
  const automation = subject?.automation ?? null;
  if (automation === null || subject === undefined) return [];
  const ties: Knot[] = [
    { tie: "automation", key: automation.id, by: automation.name ?? automation.nativeId },
  ];
  // A platform vendor's own apps are everybody's; they tie nothing.
  const maker = automation.vendor ?? automation.name ?? "";
  const key = automation.vendor ?? skeleton(maker);
  if (key !== "" && !automation.isFirstParty) ties.push({ tie: "vendor", key, by: maker });
  const from = (finding.window?.from ?? 0) - DAY_MS;
  const to = finding.window?.to ?? Number.POSITIVE_INFINITY;
  const people = new Set<string>();
  for (const { at, actor } of subject.timeline) {
    if (at === null || at < from || at >= to || actor.kind !== "person") continue;
    people.add(actor.id);
  }
  // What a whole department let in at once is nobody's errand in particular.
  if (people.size > HANDS_MAX) return ties;
  for (const person of [...people].sort()) ties.push(personKnot(person));
  return ties;
}

function personKnot(id: string): Knot {
  return { tie: "person", key: id, by: id };
}

/** Stretches of time in which no step is further from the one before than the gap. */
function runsOf(signals: readonly Signal[], gapMs: number): Signal[][] {
  const sorted = [...signals].sort(inTime);
  const runs: Signal[][] = [];
  for (const signal of sorted) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run !== undefined && before !== undefined && signal.at - before.at <= gapMs)
      run.push(signal);
    else runs.push([signal]);
  }
  return runs;
}

function inTime(a: Signal, b: Signal): number {
  return a.at - b.at || compareText(a.finding.id, b.finding.id);
}

/**
 * An early stage before a late one. One automation must go through three stages, two of them with more than a hint, one of
 * them of getting in or staying in: that a day was unusual in several ways, its own risk adds up already. A vendor must be seen on two platforms by two detectors. So must a person, and with more
 * than hints, since administrators let in many things in a day.
 */
function isChain(tie: Tie, run: readonly Signal[]): boolean {
  const firm = run.filter(isFirm);
  const told = tie === "person" ? firm : run;
  if (firm.length === 0 || countOf(told, ({ finding }) => finding.detector) < 2) return false;
  if (!isForward(told)) return false;
  if (tie === "automation") {
    const isSetUp = run.some(({ stage }) => stage === "entry" || stage === "foothold");
    return (
      isSetUp && countOf(run, ({ stage }) => stage) >= 3 && countOf(firm, ({ stage }) => stage) >= 2
    );
  }
  return countOf(told, ({ finding }) => finding.platform) >= 2;
}

function isFirm({ finding }: Signal): boolean {
  return isAtLeast(finding.severity, "medium");
}

function countOf(run: readonly Signal[], what: (signal: Signal) => string): number {
  return new Set(run.map(what)).size;
}

/** Whether some step of collecting or taking out comes after some earlier stage. */
function isForward(run: readonly Signal[]): boolean {
  let hasEarly = false;
  for (const { stage } of run) {
    if (stage === "collection" || stage === "exit") {
      if (hasEarly) return true;
    } else hasEarly = true;
  }
  return false;
}

interface Found {
  readonly tie: Tie;
  readonly by: string;
  readonly run: readonly Signal[];
}

/**
 * One story is told once: chains whose findings all stand in another one are left out, of equals the closest tie stays. A
 * finding has a few ties at most, so it stands in few chains, and the work grows with the findings.
 */
function withoutParts(found: readonly Found[]): Found[] {
  const order: readonly Tie[] = ["automation", "vendor", "person"];
  const sorted = [...found].sort(
    (a, b) =>
      b.run.length - a.run.length ||
      order.indexOf(a.tie) - order.indexOf(b.tie) ||
      compareText(a.by, b.by),
  );
  const kept: Found[] = [];
  const idsOfKept: Set<string>[] = [];
  /** By finding: the chains kept so far that it stands in, by their place. */
  const holders = new Map<string, number[]>();
  for (const one of sorted) {
    const ids = new Set(one.run.map(({ finding }) => finding.id));
    // A chain that holds all of its findings holds its first one: no other needs to be asked.
    const [first = ""] = ids;
    const isTold = holders.get(first)?.some((at) => idsOfKept[at] && ids.isSubsetOf(idsOfKept[at]));
    if (isTold === true) continue;
    for (const id of ids) {
      const own = holders.get(id);
      if (own === undefined) holders.set(id, [kept.length]);
      else own.push(kept.length);
    }
    kept.push(one);
    idsOfKept.push(ids);
  }
  return kept;
}

function chainOf(
  tie: Tie,
  by: string,
  run: readonly Signal[],
  bySubject: ReadonlyMap<string, Subject>,
): Chain {
  const findings = run.map(({ finding }) => finding);
  const steps = [...entriesOf(run, bySubject), ...run.map(stepOf)].sort(
    (a, b) => a.at - b.at || STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage),
  );
  const { from, to } = spanOf(run);
  const platforms = [...new Set(findings.map(({ platform }) => platform))].sort();
  return {
    tie,
    by,
    steps,
    findings,
    about: (tie === "person" ? worst(run) : furthest(run)).finding,
    shares: tie === "person" ? [] : partiesOf(findings),
    evidence: {
      window: { from, to },
      key: `${tie}|${by}`,
      severity: severityOf(run, platforms.length),
      confidence: confidenceOf(findings),
      title:
        platforms.length > 1
          ? "Steps on several platforms that belong together"
          : "Steps that together look like an intrusion",
      techniques:
        platforms.length > 1
          ? ["T76"]
          : [...new Set(findings.flatMap((one) => one.techniques))].sort(),
      attackType: furthest(run).finding.attackType,
      explanation: explain(tie, by, steps, platforms),
      samples: samplesOf(findings),
    },
  };
}

/** From the first window to the last, without handing a long chain to one call as arguments. */
function spanOf(run: readonly Signal[]): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { finding, at } of run) {
    from = Math.min(from, finding.window?.from ?? at);
    to = Math.max(to, finding.window?.to ?? at);
  }
  return { from, to };
}

function partiesOf(findings: readonly Finding[]): Party[] {
  const parties = new Map<string, Party>();
  for (const finding of findings) {
    const { platform, automationId, principal } = finding;
    parties.set(aboutOf(finding), { platform, automationId, principal });
  }
  return [...parties.values()];
}

/** Two records of each step, each once. */
function samplesOf(findings: readonly Finding[]): Sample[] {
  const byRecord = new Map<string, Sample>();
  for (const { samples } of findings) {
    for (const sample of samples.slice(0, 2)) {
      byRecord.set(`${sample.eventId}|${sample.action}|${sample.at}`, sample);
    }
  }
  return [...byRecord.values()].sort(bySampleOrder).slice(0, SAMPLES_MAX);
}

const SAMPLES_MAX = 12;

function stepOf({ finding, at, stage }: Signal): Step {
  const { platform, automationId, principal, title, id } = finding;
  return { at, stage, platform, automationId, principal, title, findingId: id };
}

/** How the automations of the chain came in, where that was shortly before and no finding says it. */
function entriesOf(run: readonly Signal[], bySubject: ReadonlyMap<string, Subject>): Step[] {
  const steps: Step[] = [];
  const told = new Set<string>();
  const entered = new Set(
    run.flatMap(({ stage, finding }) => (stage === "entry" ? finding.automationId : null) ?? []),
  );
  for (const { finding, at } of run) {
    const subject = bySubject.get(aboutOf(finding));
    const automation = subject?.automation ?? null;
    if (subject === undefined || automation === null || told.has(automation.id)) continue;
    told.add(automation.id);
    const entry = subject.timeline.find((one) => isEntryBefore(one, at));
    if (entry === undefined || entry.at === null || entered.has(automation.id)) continue;
    const { kind, id } = entry.actor;
    steps.push({
      at: entry.at,
      stage: "entry",
      platform: subject.platform,
      automationId: automation.id,
      principal: kind === "person" ? id : null,
      title: `${automation.name ?? automation.nativeId} was let in`,
      findingId: null,
    });
  }
  return steps;
}

function isEntryBefore({ at, change }: TimelineEntry, moment: number): boolean {
  return (
    at !== null && at <= moment && at > moment - ENTRY_BEFORE_MS && ENTRY_CHANGES.has(change.kind)
  );
}

function furthest(run: readonly Signal[]): Signal {
  const [best] = [...run].sort(
    (a, b) =>
      STAGES.indexOf(b.stage) - STAGES.indexOf(a.stage) ||
      SEVERITIES.indexOf(b.finding.severity) - SEVERITIES.indexOf(a.finding.severity) ||
      inTime(a, b),
  );
  if (best === undefined) throw new Error("a chain has steps");
  return best;
}

function worst(run: readonly Signal[]): Signal {
  const [best] = [...run].sort(
    (a, b) =>
      SEVERITIES.indexOf(b.finding.severity) - SEVERITIES.indexOf(a.finding.severity) ||
      b.finding.confidence - a.finding.confidence ||
      inTime(a, b),
  );
  if (best === undefined) throw new Error("a chain has steps");
  return best;
}

/** High, since none of its steps alone said so much; critical where it goes far or a step was high already. */
function severityOf(run: readonly Signal[], platforms: number): Severity {
  const stages = new Set(run.map(({ stage }) => stage)).size;
  const hasHigh = run.some(({ finding }) => isAtLeast(finding.severity, "high"));
  return (stages >= 3 && hasHigh) || (platforms > 1 && hasHigh) ? "critical" : "high";
}

/** That all steps are false alarms; they are not independent, so each is taken for less than it says of itself. */
function confidenceOf(findings: readonly Finding[]): number {
  const allFalse = findings.reduce(
    (product, { confidence }) => product * (1 - confidence * 0.6),
    1,
  );
  return Math.min(1 - allFalse, 0.9);
}

function explain(
  tie: Tie,
  by: string,
  steps: readonly Step[],
  platforms: readonly Platform[],
): string {
  const whose = {
    automation: by,
    vendor: `integrations of ${by}`,
    person: `what ${by} did or let in`,
  }[tie];
  const where =
    platforms.length > 1
      ? ` on ${listing(
          platforms.map((one) => PLATFORM_TITLES[one]),
          4,
        )}`
      : "";
  const scenes = scenesOf(steps);
  const story = scenes
    .slice(0, SCENES_MAX)
    .map((scene, index) => `(${index + 1}) ${told(scene)}.`)
    .join(" ");
  const more = scenes.length > SCENES_MAX ? ` And ${scenes.length - SCENES_MAX} more.` : "";
  return (
    `Several things that happened to ${whose}${where} within a short time fit together as one intrusion. ${story}${more} ` +
    "Each alone may have an innocent reason; that all of them have one is unlikely."
  );
}

/** As many as a reader takes in; all steps stand in the finding's own list. */
const SCENES_MAX = 8;

/** Steps that follow each other in the same minute, place and stage are told as one. */
function scenesOf(steps: readonly Step[]): Step[][] {
  const scenes: Step[][] = [];
  for (const step of steps) {
    const last = scenes.at(-1);
    if (last !== undefined && sceneOf(last) === sceneOf([step])) last.push(step);
    else scenes.push([step]);
  }
  return scenes;
}

function sceneOf([first]: readonly Step[]): string {
  return first === undefined
    ? ""
    : `${minuteOf(first.at)}, ${PLATFORM_TITLES[first.platform]}, ${STAGE_WORDS[first.stage]}`;
}

function told(scene: readonly Step[]): string {
  return `${sceneOf(scene)}: ${[...new Set(scene.map(({ title }) => title))].join("; ")}`;
}

function minuteOf(at: number): string {
  return `${iso(at)?.slice(0, 16).replace("T", " ")} UTC`;
}

function subjectKey({ automation, person, platform }: Subject): string {
  return automation === null ? `${platform}|p|${person?.id ?? ""}` : `a|${automation.id}`;
}

function aboutOf({ automationId, principal, platform }: Finding): string {
  return automationId === null ? `${platform}|p|${principal ?? ""}` : `a|${automationId}`;
}
