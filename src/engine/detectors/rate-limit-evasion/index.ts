/** Finds automations that shape their calls to get the most out of a platform's limits: hugging, pacing, taking turns. */

import type { ActionClass } from "#contract/event.ts";
import { ownNormal, pastNormal } from "#engine/baseline/baseline.ts";
import { evenPaceOf } from "#engine/detectors/cadence.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { SURGE_SEVERITIES, surgesOf } from "#engine/detectors/surge.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { comparison, confidenceOf } from "#engine/detectors/usual.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { minutesOf } from "#engine/profile/pace.ts";
import { countOf, doneOf, type Profile, samplesOf } from "#engine/profile/profile.ts";
import { type Relay, relaysOf } from "./relay.ts";

const options = {
  /** Calls in a day that the platform answered with its limit: a burst that overshoots gets some. */
  throttledMin: 30,
  /** Where no call was ever refused before, so few are enough. */
  throttledFirstMin: 8,
  /** So few refused calls in any earlier day are an accident. */
  throttledStrayMax: 2,
  /** Calls in the busiest minutes without which there is no pace to speak of. */
  huggingPerMinuteMin: 4,
  /** Times its usual day's; a program that always overshoots is only badly made. */
  throttledTimesMin: 4,
  /** Above this share it does not hug the limit but runs against it, as broken programs do. */
  throttledShareMax: 0.6,
  /** Minutes of activity: a burst that overshoots is over sooner. */
  huggingMinutesMin: 10,
  /** Catching up after an outage runs against the limit and is soon over; who hugs it takes care to be refused seldom. */
  huggingMinutesMany: 60,
  /** Programs that keep right at the limit are refused now and then; those that know no limit are refused most of the time. */
  huggingShareMax: 0.25,
  /** Times the records of its busy days that make it more than a hiccup. */
  huggingTimesMin: 4,
  /** Minutes with less than this share of the busiest ones are its other work. */
  busyShareMin: 0.25,
  /** The middle minute has this share of the busiest ones: the pace is cut off at the limit. */
  flatShareMin: 0.6,
  /** Minutes in a row at an even pace, and records of the day, for a pace that is held below a limit. */
  evenMinutesMin: 25,
  /** Two hours at one pace. */
  evenMinutesMany: 120,
  /** Below it nobody needs to hide how much was taken. */
  pacedMin: 300,
  /** The same without days to compare with. */
  pacedColdMin: 400,
  /** The pace itself is a sign, so that less of a surge is asked for than of amounts alone. */
  pacedTimesMin: 3,
  /** Without so much of its day spent on taking, a steady pace is a heartbeat. */
  takingShareMin: 0.7,
  /** Actions of several automations together, taken in turns. */
  relayMin: 400,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

export const rateLimitEvasion = defineDetector({
  id: "rate-limit-evasion",
  title: "Calls are shaped to stay under the platform's limits",
  techniques: ["T71"],
  attackType: "rate_limit_evasion",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (view.automation === null || view.automation.isFirstParty) return [];
    const claims = [
      ...hugging(view, limits),
      ...pacing(view, limits),
      ...relaysOf(view, limits.relayMin, taken).map(relayClaim),
    ];
    // One claim a day: the surest sign speaks.
    return [...Map.groupBy(claims, ({ profile }) => profile.day).values()].flatMap((found) =>
      evidence(view, found, limits),
    );
  },
});

interface Claim {
  readonly profile: Profile;
  readonly points: number;
  readonly confidence: number;
  readonly reasons: readonly Reason[];
  readonly words: string;
}

const TAKING = [
  "read",
  "download",
  "search",
  "enumerate",
  "export",
  "tool_call",
] as const satisfies readonly ActionClass[];

function taken(profile: Profile): number {
  return TAKING.reduce((sum, name) => sum + countOf(profile, name), 0);
}

/** Hours right at the limit: some calls are refused all the time, and the pace has a flat top. */
function hugging(view: View, options: Options): Claim[] {
  return view.profiles.flatMap((profile): Claim[] => {
    const { throttled, events, day } = profile;
    if (throttled < options.throttledFirstMin || throttled > events * options.throttledShareMax) {
      return [];
    }
    const all = minutesOf(profile.pace).map(({ records }) => records);
    const peak = all.toSorted((a, b) => a - b)[Math.floor(all.length * 0.95)] ?? 0;
    // The rest of its day's work, at its own slow pace, says nothing about the pace against the limit.
    const minutes = all.filter((records) => records >= peak * options.busyShareMin);
    const isLong = minutes.length >= options.huggingMinutesMany;
    const isCareful = throttled <= events * options.huggingShareMax;
    if (minutes.length < options.huggingMinutesMin || !(isLong || isCareful)) return [];
    const sorted = [...minutes].sort((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const high = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
    if (high < options.huggingPerMinuteMin || middle < high * options.flatShareMin) return [];
    const past = pastNormal(view.baseline, "throttled", day);
    // With few earlier days the later ones are asked too: what it does every day is its nature.
    const usual = past.days >= 3 ? past : ownNormal(view.baseline, "throttled", day);
    if (usual.days > 0 && throttled < usual.median * options.throttledTimesMin) return [];
    const isFirst = past.days >= 5 && past.max <= options.throttledStrayMax;
    if (throttled < options.throttledMin && !isFirst) return [];
    const before =
      usual.days === 0
        ? "There is no other day to compare with."
        : `On its ${usual.days} other days, the platform refused ${count(usual.median)} on a usual day.`;
    return [
      {
        profile,
        points: 3,
        confidence: usual.days >= 5 ? 0.65 : 0.5,
        reasons: [
          ...(isFirst ? [newReason(throttled >= options.throttledMin)] : []),
          ...sizeReason(view, profile, options),
          ...takingReason(profile, options),
        ],
        words:
          `made ${count(events)} calls ${onDay(day)}, of which the platform refused ${count(throttled)} for coming too ` +
          `fast, and held about ${count(middle)} a minute over ${count(minutes.length)} minutes. ${before} ` +
          "A program that keeps its place right at the limit takes all that the platform lets go.",
      },
    ];
  });
}

function newReason(isMany: boolean): Reason {
  return {
    points: isMany ? 2 : 1,
    words: "hardly a call of it was ever refused as too fast before",
  };
}

/** Against its own busy days. */
function sizeReason(
  { baseline }: View,
  { day, events }: Profile,
  { huggingTimesMin }: Options,
): Reason[] {
  const usual = pastNormal(baseline, "events", day);
  return usual.days >= 5 && events >= usual.p95 * huggingTimesMin
    ? [{ points: 1, words: `its busy days before had ${count(usual.p95)} records` }]
    : [];
}

function takingReason(profile: Profile, { takingShareMin }: Options): Reason[] {
  return taken(profile) >= doneOf(profile) * takingShareMin
    ? [{ points: 1, words: "nearly all of it reads or takes data" }]
    : [];
}

/** Far more than usual, at a pace as even as a metronome's, all for taking. An even pace alone is what bots have. */
function pacing(view: View, options: Options): Claim[] {
  const limits = {
    floor: options.pacedMin,
    coldFloor: options.pacedColdMin,
    timesMin: options.pacedTimesMin,
    zMin: 5,
  };
  const watch = { limits, solid: 0, many: Number.POSITIVE_INFINITY, peers: null, amount: taken };
  return surgesOf(view, watch).flatMap(({ profile, amount, usual, extent }): Claim[] => {
    const done = doneOf(profile);
    const refused = profile.throttled + profile.failures;
    if (taken(profile) < done * options.takingShareMin || refused > done) return [];
    const even = evenPaceOf(profile.pace, options.evenMinutesMin);
    if (even === null) return [];
    return [
      {
        profile,
        points: even.minutes >= options.evenMinutesMany ? 3 : 2,
        confidence: confidenceOf(usual),
        reasons: extent,
        words:
          `read or took ${count(amount)} things ${onDay(profile.day)} at an even ${count(even.perMinute)} a minute, for ` +
          `${count(even.minutes)} minutes on end. ${comparison(usual, "such actions")} ` +
          "So even a pace at such an amount is chosen to stay below the platform's limits and alarms.",
      },
    ];
  });
}

function relayClaim({ profile, partners, minutes, amount }: Relay): Claim {
  const names = listing(partners.map(({ name, nativeId }) => name ?? nativeId));
  const rest = partners.length > 1 ? "the others paused" : "the other paused";
  return {
    profile,
    points: 4,
    confidence: 0.65,
    reasons: partners.length > 1 ? [{ points: 1, words: "more than two take turns" }] : [],
    words:
      `took turns with ${names} ${onDay(profile.day)}: over ${count(minutes)} minutes one worked while ${rest}, and ` +
      `together they read or took ${count(amount)} things. They belong together by owner, vendor or name. ` +
      "Limits count by client, so whoever rotates clients has a multiple of what one is allowed.",
  };
}

function evidence(view: View, claims: readonly Claim[], { severities }: Options): Evidence[] {
  const [main, ...others] = [...claims].sort((a, b) => b.points - a.points);
  if (main === undefined) return [];
  const more: Reason[] =
    others.length === 0 ? [] : [{ points: 1, words: "several signs of it come together" }];
  const { profile } = main;
  const reasons = [...main.reasons, ...more, ...standing(view, profile.day)];
  const severity = severityAt(main.points + total(reasons), severities);
  const window = dayWindow(profile.day);
  if (severity === null || window === null) return [];
  return [
    {
      window,
      severity,
      confidence: main.confidence,
      explanation: `${subjectName(view)} ${main.words}${because(reasons)}`,
      samples: samplesOf(profile, null),
    },
  ];
}
