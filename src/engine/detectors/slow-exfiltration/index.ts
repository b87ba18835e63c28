/** Finds automations that for days on end take more than they used to, though no single day is large. */

import { pastNormal } from "#engine/baseline/baseline.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { SURGE_SEVERITIES } from "#engine/detectors/surge.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { amountsOf, ratio } from "#engine/detectors/usual.ts";
import { count, dayWindow } from "#engine/detectors/window.ts";
import { breadth, bytesOf, countOf, type Profile, samplesOf } from "#engine/profile/profile.ts";
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
  filesMin: 250,
  readsMin: 600,
  mibMin: 1_024,
  peopleMin: 60,
  /** A day's rise below which nothing counts as raised. */
  filesPerDayMin: 15,
  readsPerDayMin: 40,
  mibPerDayMin: 50,
  peoplePerDayMin: 8,
  /** Where as many more people use it, more work is growth: the amount for each must have risen so many times. */
  perPersonTimesMin: 1.8,
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
    const found = flowsOf(limits).flatMap((flow) => {
      if (!isFlowing(view, flow)) return [];
      const amounts = amountsOf(view.profiles, flow.amount);
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

function claim(view: View, flow: Flow, stretch: Stretch, options: Options): Evidence[] {
  const days = view.profiles.filter(({ day }) => day >= stretch.from && day <= stretch.to);
  const reasons = [
    ...sizeReasons(stretch, flow),
    ...growthReasons(view, flow, stretch, options),
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

function sizeReasons({ times, amount }: Stretch, { excessMin, unit }: Flow): Reason[] {
  const reasons: Reason[] = [];
  if (times >= 8)
    reasons.push({ points: 1, words: `each day has ${ratio(times)} times the usual` });
  if (amount >= excessMin * 10) reasons.push({ points: 1, words: "together it is a lot" });
  if (times < 4 && amount < excessMin * 3)
    reasons.push({ points: -1, words: "the rise is modest" });
  if (unit === "people") {
    reasons.push({ points: -1, words: "it reaches more people, which a roll-out does too" });
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
    ? [{ points: -2, words: "as many more people work with it" }]
    : [];
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
