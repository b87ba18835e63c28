/** Finds AI apps and connectors that read far more of somebody's mail, files or chats than they usually do. */

import { HOUR_MS, UNDATED } from "#base/time.ts";
import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import {
  amountsOf,
  comparison,
  confidenceOf,
  isCold,
  isUnusual,
  usualOf,
} from "#engine/detectors/usual.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import { breadth, bytesOf, countOf, type Profile, samplesOf } from "#engine/profile/profile.ts";

const MIB = 1_024 ** 2;

const options = {
  /** Items in a day below which an assistant with a history is left alone: a person who asks all day reaches that. */
  floor: 150,
  /** The same without a history: the first indexing of one mailbox stays below. */
  coldFloor: 1_500,
  /** Who asks an assistant much asks it two or three times as much on a day of research. */
  timesOwnMin: 4,
  /** Robust standard deviations above the usual day, so that an uneven actor needs more than the multiple. */
  zMin: 6,
  /** Items of a drain of few people, whose bytes tell that they are pages full of things and no answers. */
  pagesMin: 25,
  /** MiB read in such a day: a person's calendar of years, or some hundred mails. */
  pagesMibMin: 5,
  /** And how many times the usual day's bytes; and its items, twice what a busy day of questions has. */
  pagesTimesMin: 8,
  /** Active days before, for only what is well known may be held against so low a floor. */
  pagesPastMin: 5,
  /** An hour with this share of the day's reading is a drain, and no day of questions. */
  peakShare: 0.6,
  /** Points from which a severity is given; a plain exceedance has 3. */
  severities: { low: 1, medium: 3, high: 5, critical: 8 } satisfies Partial<
    Record<Severity, number>
  >,
};

export const aiDrain = defineDetector({
  id: "ai-drain",
  title: "An AI app reads far more than usual",
  techniques: ["T59"],
  attackType: "ai_abuse",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    if (automation.ai === null && automation.kind !== "ai_agent") return [];
    const amounts = amountsOf(view.profiles, taken);
    const mib = amountsOf(view.profiles, takenMib);
    const paged = view.profiles.filter((profile) => isPaged(profile, amounts, mib, limits));
    return view.profiles.flatMap((profile): Evidence[] => {
      const window = dayWindow(profile.day);
      const amount = taken(profile);
      if (window === null || amount < limits.pagesMin) return [];
      const usual = usualOf(amounts, profile.day, null);
      const { floor, coldFloor, timesOwnMin, zMin } = limits;
      const isMany = isUnusual(usual, amount, { floor, coldFloor, timesMin: timesOwnMin, zMin });
      if (!isMany && !paged.includes(profile)) return [];
      // An assistant that is talked into it is an honest one at its usual place; neither excuses what it does again.
      const isAgain = paged.includes(profile) && paged[0] !== profile;
      const reasons = [
        peakReason(profile, limits.peakShare),
        pagesReason(profile, paged),
        ...standing(view, profile.day).filter(({ points }) => points > 0 || !isAgain),
      ].filter(({ points }) => points !== 0);
      const points = BASE_POINTS + total(reasons) - (isCold(usual) ? 1 : 0);
      const severity = severityAt(points, limits.severities);
      if (severity === null) return [];
      return [
        {
          window,
          severity,
          confidence: confidenceOf(usual),
          explanation:
            `${subjectName(view)}, an AI app, read or searched ${count(amount)} items of ${peopleWords(profile)} ${onDay(profile.day)}. ` +
            `${comparison(usual, "items")}${because(reasons)} An assistant that answers questions reads what a question needs; one that ` +
            "was talked into it by a text that it read takes the whole mailbox or drive.",
          samples: [
            ...samplesOf(profile, "read"),
            ...samplesOf(profile, "download"),
            ...samplesOf(profile, "search"),
          ].slice(0, 6),
        },
      ];
    });
  },
});

/** An exceedance by itself is of medium weight. */
const BASE_POINTS = 3;

function taken(profile: Profile): number {
  return countOf(profile, "read") + countOf(profile, "download") + countOf(profile, "search");
}

function takenMib(profile: Profile): number {
  return (bytesOf(profile, "read") + bytesOf(profile, "download")) / MIB;
}

/**
 * Many times its usual items and bytes, in pages full of things. Bytes tell a drain of a few people, whose requests stay
 * few: an answer to a question is a page or two, and the whole of a calendar or mailbox is page after page.
 */
function isPaged(
  { day }: Profile,
  amounts: ReadonlyMap<number, number>,
  mib: ReadonlyMap<number, number>,
  limits: typeof options,
): boolean {
  if (day === UNDATED) return false;
  const { pagesMin, pagesMibMin, pagesTimesMin, pagesPastMin, zMin } = limits;
  const items = usualOf(amounts, day, null);
  if (items.basis !== "own" || items.pastDays < pagesPastMin) return false;
  const alike = { coldFloor: Number.POSITIVE_INFINITY, timesMin: pagesTimesMin, zMin };
  return (
    isUnusual(items, amounts.get(day) ?? 0, { ...alike, floor: pagesMin }) &&
    isUnusual(usualOf(mib, day, null), mib.get(day) ?? 0, { ...alike, floor: pagesMibMin })
  );
}

/** Pages and pages on one day may be a question about everything; on several days they are a collection. */
function pagesReason(profile: Profile, paged: readonly Profile[]): Reason {
  if (!paged.includes(profile)) return { points: 0, words: "" };
  const mib = count(Math.round(takenMib(profile)));
  const before = paged.filter(({ day }) => day < profile.day).length;
  const again =
    before === 0 ? "" : `, as on ${count(before)} ${before === 1 ? "day" : "days"} before`;
  return {
    points: before === 0 ? 1 : 2,
    words: `they hold ${mib} MiB, many times the usual${again}`,
  };
}

function peakReason({ hours, events, day }: Profile, peakShare: number): Reason {
  const peak = Math.max(...hours);
  if (peak < events * peakShare) return { points: 0, words: "" };
  const hour = hours.indexOf(peak);
  const at = new Date(day * 24 * HOUR_MS + hour * HOUR_MS).toISOString().slice(11, 16);
  return { points: 1, words: `${count(peak)} records fall into one hour, from ${at} UTC` };
}

function peopleWords(profile: Profile): string {
  const { people } = breadth(profile);
  return people === 1 ? "one person" : `${count(Math.max(people, 1))} people`;
}
