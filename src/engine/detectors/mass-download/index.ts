/** Finds automations that take far more files or bytes away than they usually do, and accounts that do so like machines. */

import { peerNormal } from "#engine/baseline/baseline.ts";
import { defineDetector, type View } from "#engine/detectors/detector.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import {
  SURGE_SEVERITIES,
  type Surge,
  surgeEvidence,
  surgesOf,
  type Watch,
} from "#engine/detectors/surge.ts";
import { type Reason, total } from "#engine/detectors/trust.ts";
import { comparison } from "#engine/detectors/usual.ts";
import { count, onDay } from "#engine/detectors/window.ts";
import {
  breadth,
  countOf,
  doneOf,
  minutesAtLeast,
  type Profile,
  samplesOf,
} from "#engine/profile/profile.ts";

const MIB = 1_024 ** 2;

const options = {
  /** Files in a day below which an app with a history is left alone, and from which they are more than a busy user's. */
  filesMin: 40,
  /** Two hundred files are more than a project folder that somebody takes along. */
  filesSolid: 200,
  /** The same without a history of its own: a first synchronisation of one mailbox or folder stays below. */
  coldFilesMin: 500,
  /** The same in MiB: a gigabyte is more than a day's documents. */
  mibMin: 512,
  /** Two gibibytes of documents are thousands of them; only videos reach it with few. */
  mibSolid: 2_048,
  /** A sync client that is set up anew takes some gibibytes on its first day. */
  coldMibMin: 5_120,
  /** How many times its usual day; vendors' own fixed thresholds were switched off because growth by half is noise. */
  timesOwnMin: 5,
  /** Robust standard deviations above the usual day, so that an app of very uneven days needs more. */
  zMin: 6,
  /** So much is a lot by any measure. */
  filesMany: 5_000,
  /** Fifty gibibytes are the documents of a whole company. */
  mibMany: 51_200,
  /** Bytes count only on days on which taking away is at least this share of what it did; uploads have bytes too. */
  takingShareMin: 0.5,
  /** A person must take this many files, at machine speed and far beyond her own days. */
  personFilesMin: 400,
  /** A sync client at a new laptop takes some hundred files in a person's name. */
  personFilesSolid: 1_000,
  /** The same for a person without a past on record: a whole drive, not a folder. */
  personColdFilesMin: 3_000,
  /** People's days are far less even than programs': a project's end has many times the usual day. */
  personTimesMin: 20,
  /** Minutes with `fastPerMinute` records or more that make a person's downloads machine-like. */
  personFastMinutesMin: 10,
  /** One in three seconds, for long: nobody clicks so. */
  fastPerMinute: 20,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
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
    return claims(view, limits).flatMap(({ surge, unit }) =>
      surgeEvidence(view, surge, {
        reasons: view.automation === null ? machineReasons(surge) : [],
        severities: limits.severities,
        samples: [...samplesOf(surge.profile, "download"), ...samplesOf(surge.profile, "export")],
        explain: (reasons) => explain(view, surge, unit, reasons),
      }),
    );
  },
});

interface Claim {
  readonly surge: Surge;
  readonly unit: "files" | "MiB";
}

/** Days of many files or many bytes. */
function claims(view: View, options: Options): Claim[] {
  if (view.automation === null) {
    return surgesOf(view, personFiles(options))
      .filter(({ profile }) => isMachineLike(profile, options))
      .map((surge) => ({ surge, unit: "files" }));
  }
  const all: Claim[] = [
    ...surgesOf(view, filesOf(view, options)).map((surge) => ({ surge, unit: "files" as const })),
    ...surgesOf(view, mibOf(options)).map((surge) => ({ surge, unit: "MiB" as const })),
  ];
  // One claim a day: by what is further out of the ordinary, by files where both are.
  return [...Map.groupBy(all, ({ surge }) => surge.profile.day).values()].flatMap((same) =>
    same.sort((one, other) => total(other.surge.extent) - total(one.surge.extent)).slice(0, 1),
  );
}

function filesOf({ baseline }: View, options: Options): Watch {
  const { filesMin, filesSolid, coldFilesMin, filesMany, timesOwnMin, zMin } = options;
  return {
    limits: { floor: filesMin, coldFloor: coldFilesMin, timesMin: timesOwnMin, zMin },
    solid: filesSolid,
    many: filesMany,
    peers: peerNormal(baseline, "download"),
    amount: taken,
  };
}

function mibOf(options: Options): Watch {
  const { mibMin, mibSolid, coldMibMin, mibMany, timesOwnMin, zMin } = options;
  return {
    limits: { floor: mibMin, coldFloor: coldMibMin, timesMin: timesOwnMin, zMin },
    solid: mibSolid,
    many: mibMany,
    peers: null,
    amount: (profile) => takenMib(profile, options),
  };
}

function personFiles(options: Options): Watch {
  const { personFilesMin, personFilesSolid, personColdFilesMin, filesMany } = options;
  const { personTimesMin, zMin } = options;
  return {
    limits: {
      floor: personFilesMin,
      coldFloor: personColdFilesMin,
      timesMin: personTimesMin,
      zMin,
    },
    solid: personFilesSolid,
    many: filesMany,
    peers: null,
    amount: taken,
  };
}

/** Files or reports that left the platform. */
function taken(profile: Profile): number {
  return countOf(profile, "download") + countOf(profile, "export");
}

/** MiB of a day that was mostly taking away. */
function takenMib(profile: Profile, { takingShareMin }: Options): number {
  const done = doneOf(profile);
  return done > 0 && taken(profile) >= done * takingShareMin ? profile.bytes / MIB : 0;
}

function isMachineLike(profile: Profile, { fastPerMinute, personFastMinutesMin }: Options) {
  return minutesAtLeast(profile, fastPerMinute) >= personFastMinutesMin;
}

/** A new laptop synchronises at machine speed too, from where its owner sits and as the platform likes it. */
function machineReasons({ profile }: Surge): Reason[] {
  return profile.throttled === 0
    ? []
    : [{ points: 1, words: `the platform refused ${count(profile.throttled)} calls as too fast` }];
}

function explain(
  view: View,
  { profile, amount, usual }: Surge,
  unit: Claim["unit"],
  reasons: readonly Reason[],
): string {
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
