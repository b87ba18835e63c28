/** Finds automations that for days on end take more than they used to, though no single day is large. */

import { dayOf, UNDATED } from "#base/time.ts";
import { pastNormal } from "#engine/baseline/baseline.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll } from "#engine/detectors/grants.ts";
import { hadLoosened } from "#engine/detectors/guards.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { grewAlike, SURGE_SEVERITIES } from "#engine/detectors/surge.ts";
import {
  publisherReason,
  type Reason,
  severityAt,
  succeeded,
  total,
} from "#engine/detectors/trust.ts";
import { amountsOf, ratio } from "#engine/detectors/usual.ts";
import { count, dayWindow } from "#engine/detectors/window.ts";
import {
  breadth,
  bytesOf,
  countOf,
  doneOf,
  type Profile,
  samplesOf,
} from "#engine/profile/profile.ts";
import { type Stretch, stretchesOf } from "./stretch.ts";

const MIB = 1_024 ** 2;

const options = {
  /** Raised days that make a stretch: a busy week has five, and a project ends. */
  daysMin: 5,
  /** Calm days before, without which nothing is known to have risen. */
  calmDaysMin: 7,
  /** How far above the calm days each raised day is. */
  timesMin: 2.5,
  /** What the stretch has to take beyond what the calm days would have. */
  filesMin: 120,
  /** What all days together took beyond the usual: as much as would be told of one day. */
  readsMin: 300,
  /** A gibibyte of documents, for the same reason. */
  mibMin: 1_024,
  /** The mailboxes of a department. */
  peopleMin: 60,
  /** A day's rise below which nothing counts as raised. */
  filesPerDayMin: 8,
  /** Below it a day cannot be told from a program that looks for changes. */
  readsPerDayMin: 20,
  /** Some dozen documents a day. */
  mibPerDayMin: 50,
  /** A small team: programs that serve fewer change by whom they serve. */
  peoplePerDayMin: 8,
  /** Where as many more people use it, more work is growth: the amount for each must have risen so many times. */
  perPersonTimesMin: 1.8,
  /** A newcomer's first days, in which it is judged by what it takes in all: its own past says nothing. */
  newDays: 10,
  /** Records that go back so many days before its first one show that it is new. */
  beforeDays: 5,
  /** Files for each person: what drains one account, not what serves many. */
  newFilesMin: 200,
  /** A customer who is new brings his history along, some hundred things of each person. */
  newPerPersonMin: 100,
  /** Share of taking in what it does. */
  newTakingShareMin: 0.4,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

export const slowExfiltration = defineDetector({
  id: "slow-exfiltration",
  title: "Takes more than it used to, day after day",
  techniques: ["T70"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (view.automation === null || view.automation.isFirstParty) return [];
    const drain = newcomerDrain(view, limits);
    if (drain.length > 0) return drain;
    const found = flowsOf(limits).flatMap((flow) => {
      if (!isFlowing(view, flow)) return [];
      const amounts = withIdleDays(amountsOf(view.profiles, flow.amount));
      return stretchesOf(amounts, { ...limits, ...flow }).map((stretch) => ({ flow, stretch }));
    });
    // One stretch may show in files and in bytes: the one that rose most speaks.
    const byStart = Map.groupBy(found, ({ stretch }) => stretch.from);
    return [...byStart.values()].flatMap((same) => {
      const [most] = same.sort((a, b) => b.stretch.times - a.stretch.times);
      return most === undefined ? [] : claim(view, most.flow, most.stretch, limits);
    });
  },
});

/** Somebody new that takes and takes, and does little else, from the first day on. It is ripe on the day that makes it enough. */
function newcomerDrain(view: View, options: Options): Evidence[] {
  const days = view.profiles.filter(({ day }) => day !== UNDATED);
  const first = days[0];
  const from = view.org.recordsFrom(view.platform);
  if (first === undefined || from === null || first.day - dayOf(from) < options.beforeDays) {
    return [];
  }
  if (!wasLetIn(view, first.day, options.newDays)) return [];
  let files = 0;
  let done = 0;
  let people = 0;
  for (const profile of days) {
    if (profile.day - first.day >= options.newDays) return [];
    files += countOf(profile, "download") + countOf(profile, "export");
    done += doneOf(profile);
    people = Math.max(people, breadth(profile).people);
    const isDrain =
      files >= Math.max(options.newFilesMin, options.newPerPersonMin * people) &&
      files >= done * options.newTakingShareMin;
    if (isDrain) return newcomerClaim(view, [first, profile], { files, people }, options);
  }
  return [];
}

/** Somebody let it in not long before it began. What the records merely begin to show late may be a monthly job. */
function wasLetIn({ timeline }: View, day: number, withinDays: number): boolean {
  return timeline.some(
    (entry) =>
      (entry.change.kind === "granted" || entry.change.kind === "installed") &&
      succeeded(entry) &&
      entry.day <= day &&
      entry.day > day - withinDays,
  );
}

function newcomerClaim(
  view: View,
  [first, last]: readonly [Profile, Profile],
  { files, people }: { files: number; people: number },
  { severities }: Options,
): Evidence[] {
  const reasons = [...worstStanding(view, [first, last]), approvalReason(view)];
  const severity = severityAt(NEW_POINTS + total(reasons), severities);
  const from = dayWindow(first.day);
  const to = dayWindow(last.day);
  if (severity === null || from === null || to === null) return [];
  const whose =
    people === 0 ? "the organization" : people === 1 ? "one person" : `${count(people)} people`;
  return [
    {
      window: { from: from.from, to: to.to },
      key: "newcomer",
      severity,
      confidence: 0.5,
      title: "A newcomer takes everything it can reach",
      explanation:
        `${subjectName(view)} was never seen before ${dateOf(from.from)}, and took ${count(files)} files of ${whose} by ` +
        `${dateOf(to.from)}, doing little else.${because(reasons)} An app that somebody uses reads what it needs; one that ` +
        "copies all of an account first is a backup, or a thief.",
      samples: samplesOf(last, "download"),
    },
  ];
}

/** What IT brings in, a backup above all, begins with copying everything. What one person lets in alone has no such reason. */
function approvalReason(view: View): Reason {
  const approvals = view.timeline.filter(
    (entry) => succeeded(entry) && (entry.change.kind === "approved" || isForAll(entry)),
  );
  const isForced = approvals.some((entry) => hadLoosened(view, entry, LOOSENED_DAYS));
  if (isForced) return { points: 0, words: "" };
  if (approvals.length > 0) return { points: -1, words: "somebody let it in for everybody" };
  const { automation } = view;
  return automation !== null && publisherReason(automation).points > 0
    ? { points: 1, words: "nobody but its users let it in" }
    : { points: 0, words: "" };
}

/** An approval so soon after its grantor loosened what keeps apps out is a part of that. */
const LOOSENED_DAYS = 3;

/** There is no past to hold it against, so that its standing decides. */
const NEW_POINTS = 2;

/** One kind of thing that may flow away. */
interface Flow {
  readonly unit: string;
  /** Beyond the calm days, in total and on each day. */
  readonly excessMin: number;
  readonly perDayMin: number;
  amount(profile: Profile): number;
}

function flowsOf(options: Options): Flow[] {
  return [
    {
      unit: "files",
      excessMin: options.filesMin,
      perDayMin: options.filesPerDayMin,
      amount: (profile) => countOf(profile, "download") + countOf(profile, "export"),
    },
    {
      unit: "things read",
      excessMin: options.readsMin,
      perDayMin: options.readsPerDayMin,
      amount: (profile) => countOf(profile, "read") + countOf(profile, "search"),
    },
    {
      unit: "MiB",
      excessMin: options.mibMin,
      perDayMin: options.mibPerDayMin,
      amount: (profile) =>
        (bytesOf(profile, "download") + bytesOf(profile, "export") + bytesOf(profile, "read")) /
        MIB,
    },
    {
      unit: "people",
      excessMin: options.peopleMin,
      perDayMin: options.peoplePerDayMin,
      amount: (profile) => breadth(profile).people,
    },
  ];
}

/** Most automations take next to nothing; they need no further look. */
function isFlowing({ profiles }: View, { perDayMin, amount }: Flow): boolean {
  return profiles.some((profile) => amount(profile) >= perDayMin);
}

/** A day on which it did nothing is a calm day too. */
function withIdleDays(amounts: ReadonlyMap<number, number>): Map<number, number> {
  const days = [...amounts.keys()];
  const first = days[0] ?? 0;
  const last = Math.min(days.at(-1) ?? -1, first + SPAN_DAYS_MAX);
  const filled = new Map(amounts);
  for (let day = first; day <= last; day++) if (!filled.has(day)) filled.set(day, 0);
  return filled;
}

/** No more idle days are filled in, however far apart two records claim to be. */
const SPAN_DAYS_MAX = 1_000;

function claim(view: View, flow: Flow, stretch: Stretch, options: Options): Evidence[] {
  const days = view.profiles.filter(({ day }) => day >= stretch.from && day <= stretch.to);
  const reasons = [
    ...sizeReasons(stretch, flow),
    ...growthReasons(view, flow, stretch, options),
    ...alikeReasons(view, days),
    ...worstStanding(view, days),
  ];
  const severity = severityAt(BASE_POINTS + total(reasons), options.severities);
  const from = dayWindow(stretch.from);
  const to = dayWindow(stretch.to);
  if (severity === null || from === null || to === null) return [];
  return [
    {
      window: { from: from.from, to: to.to },
      severity,
      confidence: 0.5 + Math.min(Math.log10(stretch.times) * 0.15, 0.2),
      explanation:
        `${subjectName(view)} came to ${count(stretch.amount)} ${flow.unit} over ${stretch.days} days from ${dateOf(from.from)} ` +
        `to ${dateOf(to.from)}. On ${stretch.calmDays} days before, a usual one had ${count(stretch.level)}; each of these ` +
        `has about ${ratio(stretch.times)} times as many.${because(reasons)} No single day is large, and taking little ` +
        "every day for long is how theft stays below alarms.",
      samples: days
        .flatMap((profile) => [
          ...samplesOf(profile, "download", 1),
          ...samplesOf(profile, "export", 1),
          ...samplesOf(profile, "read", 1),
        ])
        .slice(0, 5),
    },
  ];
}

const BASE_POINTS = 3;

/** Longer than a migration, a hand-over or a busy fortnight. */
const LONG_DAYS = 9;

function sizeReasons({ times, amount, lasted }: Stretch, { excessMin, unit }: Flow): Reason[] {
  const reasons: Reason[] = [];
  if (times >= 8)
    reasons.push({ points: 1, words: `each day has ${ratio(times)} times the usual` });
  if (amount >= excessMin * 10) reasons.push({ points: 1, words: "together it is a lot" });
  if (lasted >= LONG_DAYS && unit !== "people") {
    reasons.push({ points: 1, words: `it went on for ${count(lasted)} days` });
  }
  if (times < 4 && amount < excessMin * 3)
    reasons.push({ points: -1, words: "the rise is modest" });
  if (unit === "people") {
    reasons.push({ points: -2, words: "it reaches more people, which a roll-out does too" });
  }
  return reasons;
}

/** With more people come more files. That is growth, not theft. */
function growthReasons(view: View, flow: Flow, stretch: Stretch, options: Options): Reason[] {
  if (flow.unit === "people") return [];
  const before = pastNormal(view.baseline, "people", stretch.from).median;
  const during = view.profiles
    .filter(({ day }) => day >= stretch.from && day <= stretch.to)
    .map((profile) => breadth(profile).people)
    .sort((a, b) => a - b);
  const people = during[Math.floor(during.length / 2)] ?? 0;
  if (!(before >= 1) || people < 3) return [];
  return stretch.times / (people / before) < options.perPersonTimesMin
    ? [{ points: -3, words: "as many more people work with it" }]
    : [];
}

/** On most of its days it wrote as much more as it took more: a migration. */
function alikeReasons(view: View, days: readonly Profile[]): Reason[] {
  const found = days.flatMap(({ day }) => grewAlike(view, day) ?? []);
  const [reason] = found;
  return reason !== undefined && found.length > days.length / 2 ? [reason] : [];
}

/** The reasons of the day that weigh most. */
function worstStanding(view: View, days: readonly Profile[]): Reason[] {
  let worst: Reason[] = standing(view, days[0]?.day ?? 0);
  for (const { day } of days) {
    const reasons = standing(view, day);
    if (total(reasons) > total(worst)) worst = reasons;
  }
  return worst;
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
