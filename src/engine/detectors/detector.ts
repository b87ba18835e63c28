/** What a detector is, what it is shown, and what it may claim. */

import type { Grant } from "#contract/automation.ts";
import type { Change } from "#contract/event.ts";
import type { AttackType, Severity } from "#contract/finding.ts";
import type { Platform } from "#contract/platform.ts";
import type { Baseline } from "#engine/baseline/baseline.ts";
import type { Calendar } from "#engine/calendar.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import type { ShownUses } from "#engine/permissions/shown.ts";
import type { Profile } from "#engine/profile/profile.ts";
import type { Sample } from "#engine/profile/sample.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

/** A person as detectors see one. */
export interface Person {
  readonly platform: Platform;
  readonly id: string;
  readonly name: string | null;
  readonly isAdmin: boolean | null;
  readonly isGuest: boolean | null;
  readonly isActive: boolean | null;
}

/** The organization around the automation. */
export interface Org {
  readonly id: string;
  /** IANA name; hours and days of detectors that speak of office hours are in it. */
  readonly timeZone: string;
  readonly calendar: Calendar;
  /** Mail domains of its own people, lower-case. */
  readonly domains: ReadonlySet<string>;
  person(platform: Platform, id: string): Person | null;
  /** Everything that is known of a person's own doings; null where nothing is. */
  activity(platform: Platform, personId: string): Activity | null;
  /** What an automation did, and what was done to it. */
  activityOf(automation: Automation): Activity;
  /** Who was seen at a place (see `placesOf` in profile/places.ts) before a UTC day, over all platforms. */
  seenAt(
    place: string,
    beforeDay: number,
  ): { readonly people: number; readonly automations: number };
  /** All automations, of all platforms, ascending by id. */
  readonly automations: readonly Automation[];
  /** Other automations of the same platform by the same vendor or of the same folded name; null where there are more than `max`. */
  siblings(automation: Automation, max: number): readonly Automation[] | null;
  /** Which uses of scopes the logs of a platform show, and since when. */
  shown(platform: Platform): ShownUses;
  /** Epoch milliseconds of the earliest dated event of a platform: before it nothing can be known. Null without any. */
  recordsFrom(platform: Platform): number | null;
}

/** What somebody did, day by day, and the changes that it made or underwent. */
export interface Activity {
  /** One a day, ascending; the undated one, if any, first. */
  readonly profiles: readonly Profile[];
  /** State changes in event time, undated first. */
  readonly timeline: readonly TimelineEntry[];
}

/** All that is known about one automation, or about one person, at the time of judging. */
export interface View extends Activity {
  /** The automation judged; null when a person is judged. */
  readonly automation: Automation | null;
  /** The person judged; null when an automation is judged. */
  readonly person: Person | null;
  readonly platform: Platform;
  readonly grants: readonly Grant[];
  /** How many changes of a kind there were on a UTC day, those that the timeline did not keep included. */
  changesOn(kind: Change["kind"], day: number): number;
  readonly baseline: Baseline;
  readonly org: Org;
  /** Epoch milliseconds: the time up to which the records reach. */
  readonly now: number;
}

/** One claim of a detector about the viewed automation or person. */
export interface Evidence {
  /**
   * The window it is about, epoch milliseconds, half open; null for undated records and pure state. It must not depend
   * on which records happened to arrive first: a UTC day is the usual choice.
   */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Tells apart claims that one detector makes about one window (which credential, which destination). */
  readonly key?: string;
  /** 0..1: how likely the claim is true. */
  readonly confidence: number;
  /** Where it differs from the detector's own. */
  readonly severity?: Severity;
  readonly title?: string;
  readonly techniques?: readonly string[];
  readonly attackType?: AttackType;
  /** Ids of ATT&CK and ATLAS beside those that its techniques map to. */
  readonly mitre?: { readonly attack: readonly string[]; readonly atlas: readonly string[] };
  /** Plain words: what is normal, what this is, and why it matters. No jargon that the reader must look up. */
  readonly explanation: string;
  readonly samples: readonly Sample[];
}

/** A detector with its thresholds bound in. */
export interface Detector {
  readonly id: string;
  readonly title: string;
  /** What a claim is about unless it says otherwise. */
  readonly techniques: readonly string[];
  /** Further techniques that single claims are about instead. */
  readonly alsoTechniques?: readonly string[];
  readonly attackType: AttackType;
  readonly severity: Severity;
  /** Platforms whose records carry its signal; "all" where any does. */
  readonly platforms: readonly Platform[] | "all";
  /** Whom it judges. */
  readonly judges: readonly ("automation" | "person")[];
  readonly options: Readonly<Record<string, unknown>>;
  detect(view: View): Evidence[];
  /** The same detector with other thresholds; whoever calls has made sure that they are of the kind of the defaults. */
  withOptions(options: Readonly<Record<string, unknown>>): Detector;
}

/** A detector as its folder writes it: `options` hold every threshold, with the default. */
export interface DetectorSpec<Options extends object>
  extends Omit<Detector, "options" | "detect" | "withOptions"> {
  readonly options: Options;
  detect(view: View, options: Options): Evidence[];
}

/** Every technique that a detector's claims can be about. */
export function techniquesOf({
  techniques,
  alsoTechniques = [],
}: Pick<Detector, "techniques" | "alsoTechniques">): readonly string[] {
  return [...new Set([...techniques, ...alsoTechniques])].sort();
}

/** Turns a folder's spec into a detector. */
export function defineDetector<Options extends object>(spec: DetectorSpec<Options>): Detector {
  return bound(spec, spec.options);
}

function bound<Options extends object>(spec: DetectorSpec<Options>, options: Options): Detector {
  return {
    ...spec,
    options: Object.fromEntries(Object.entries(options)),
    detect: (view) => spec.detect(view, options),
    withOptions: (own) => bound(spec, { ...options, ...own }),
  };
}
