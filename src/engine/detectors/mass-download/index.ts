/** Finds automations that take far more files or bytes away than they usually do, and accounts that do so like machines. */

import { ACTION_CLASSES } from "#contract/event.ts";
import type { Severity } from "#contract/finding.ts";
import { peerNormal } from "#engine/baseline/baseline.ts";
import type { Normal } from "#engine/baseline/normal.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import {
  amountsOf,
  comparison,
  confidenceOf,
  isCold,
  isUnusual,
  type Limits,
  ratio,
  type Usual,
  usualOf,
} from "#engine/detectors/usual.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import {
  breadth,
  countOf,
  minutesAtLeast,
  type Profile,
  samplesOf,
} from "#engine/profile/profile.ts";
import type { Sample } from "#engine/profile/sample.ts";

const MIB = 1_024 ** 2;

const options = {
  /** Files in a day below which an app with a history is left alone: a busy user of an app reaches that. */
  filesMin: 100,
  /** The same without a history of its own: a first synchronisation of one mailbox or folder stays below. */
  coldFilesMin: 500,
  /** The same in MiB: a gigabyte is more than a day's documents. */
  mibMin: 1_024,
  coldMibMin: 5_120,
  /** How many times its usual day; vendors' own fixed thresholds were switched off because growth by half is noise. */
  timesOwnMin: 5,
  /** Robust standard deviations above the usual day, so that an app of very uneven days needs more. */
  zMin: 6,
  /** Bytes count only on days on which taking away is at least this share of what it did; uploads have bytes too. */
  takingShareMin: 0.5,
  /** A person must take this many files, at machine speed and far beyond her own days. */
  personFilesMin: 1_000,
  personTimesMin: 20,
  /** Minutes with `fastPerMinute` records or more that make a person's downloads machine-like. */
  personFastMinutesMin: 10,
  fastPerMinute: 60,
  /** Points from which a severity is given; a plain exceedance has 3. */
  severities: { low: 1, medium: 3, high: 5, critical: 8 } satisfies Partial<
    Record<Severity, number>
  >,
};

type Options = typeof options;

export const massDownload = defineDetector({
  id: "mass-download",
  title: "Far more was downloaded than usual",
  techniques: ["T28"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const files = amountsOf(view.profiles, taken);
    const bytes = amountsOf(view.profiles, (profile) => takenMib(profile, limits));
    return view.profiles.flatMap((profile): Evidence[] => {
      const window = dayWindow(profile.day);
      if (window === null || taken(profile) === 0) return [];
      const claim =
        view.automation === null
          ? personClaim(profile, files, limits)
          : (filesClaim(view, profile, files, limits) ?? bytesClaim(profile, bytes, limits));
      if (claim === null) return [];
      const reasons = [...extent(claim), ...standing(view, profile.day)];
      const severity = severityAt(
        BASE_POINTS + total(reasons) - (isCold(claim.usual) ? 1 : 0),
        limits.severities,
      );
      if (severity === null) return [];
      return [
        {
          window,
          severity: view.automation === null ? "medium" : severity,
          confidence: confidenceOf(claim.usual) - (view.automation === null ? 0.15 : 0),
          explanation: explain(view, profile, claim, reasons),
          samples: samples(profile),
        },
      ];
    });
  },
});

/** An exceedance by itself is of medium weight. */
const BASE_POINTS = 3;

interface Claim {
  readonly amount: number;
  readonly unit: "files" | "MiB";
  readonly usual: Usual;
}

/** Files or reports that left the platform. */
function taken(profile: Profile): number {
  return countOf(profile, "download") + countOf(profile, "export");
}

/** MiB of a day that was mostly taking away. */
function takenMib(profile: Profile, { takingShareMin }: Options): number {
  const done = ACTION_CLASSES.reduce((sum, name) => sum + countOf(profile, name), 0);
  return done > 0 && taken(profile) >= done * takingShareMin ? profile.bytes / MIB : 0;
}

function filesClaim(
  view: View,
  profile: Profile,
  files: ReadonlyMap<number, number>,
  options: Options,
): Claim | null {
  const amount = taken(profile);
  if (amount < options.filesMin) return null;
  const usual = usualOf(files, profile.day, peersOf(view));
  const limits: Limits = {
    floor: options.filesMin,
    coldFloor: options.coldFilesMin,
    timesMin: options.timesOwnMin,
    zMin: options.zMin,
  };
  return isUnusual(usual, amount, limits) ? { amount, unit: "files", usual } : null;
}

/** Peers that download nothing do not say how much a downloader takes. */
function peersOf({ baseline }: View): Normal | null {
  const normal = peerNormal(baseline, "download");
  return normal.days > 0 && normal.max > 0 ? normal : null;
}

function bytesClaim(
  profile: Profile,
  bytes: ReadonlyMap<number, number>,
  { mibMin, coldMibMin, timesOwnMin, zMin }: Options,
): Claim | null {
  const amount = bytes.get(profile.day) ?? 0;
  if (amount < mibMin) return null;
  const usual = usualOf(bytes, profile.day, null);
  const limits = { floor: mibMin, coldFloor: coldMibMin, timesMin: timesOwnMin, zMin };
  return isUnusual(usual, amount, limits) ? { amount, unit: "MiB", usual } : null;
}

function personClaim(
  profile: Profile,
  files: ReadonlyMap<number, number>,
  options: Options,
): Claim | null {
  const amount = taken(profile);
  if (amount < options.personFilesMin) return null;
  const fast = minutesAtLeast(profile, options.fastPerMinute);
  if (fast < options.personFastMinutesMin) return null;
  const usual = usualOf(files, profile.day, null);
  const limits: Limits = {
    floor: options.personFilesMin,
    coldFloor: options.personFilesMin * 3,
    timesMin: options.personTimesMin,
    zMin: options.zMin,
  };
  return isUnusual(usual, amount, limits) ? { amount, unit: "files", usual } : null;
}

/** How far beyond usual, and whether it has happened before. */
function extent({ usual, amount, unit }: Claim): Reason[] {
  const reasons: Reason[] = [];
  if (usual.basis === "own" && usual.times >= 50) {
    reasons.push({ points: 1, words: `it is ${ratio(usual.times)} times its usual day` });
  }
  if (amount >= (unit === "files" ? 5_000 : 50 * 1_024)) {
    reasons.push({ points: 1, words: "the amount is large by any measure" });
  }
  if (usual.habitDays > 0) {
    reasons.push({ points: -1, words: "it did as much once before, a week or more ago" });
  }
  return reasons;
}

function samples(profile: Profile): Sample[] {
  const found = [...samplesOf(profile, "download"), ...samplesOf(profile, "export")];
  return found.slice(0, 5);
}

function explain(view: View, profile: Profile, claim: Claim, reasons: readonly Reason[]): string {
  const { amount, unit, usual } = claim;
  const targets = Math.min(breadth(profile).targets, amount);
  const distinct =
    unit === "files" && targets > 1 ? `, about ${count(targets)} of them different,` : "";
  const machine =
    view.automation === null
      ? " The pace is a machine's, so a script or sync client is at work."
      : "";
  return (
    `${subjectName(view)} downloaded or exported ${count(amount)} ${unit}${distinct} ${onDay(profile.day)}. ` +
    `${comparison(usual, unit)}${machine}${because(reasons)} ` +
    "What has been downloaded is out of the platform's control, so revoking access later does not bring it back."
  );
}
