/** What can be compared from day to day: the numbers of a profile that have a normal. */

import { ACTION_CLASSES, type ActionClass } from "#contract/event.ts";
import { breadth, busiestMinute, countOf, type Profile } from "#engine/profile/profile.ts";

export type Measure =
  | ActionClass
  | "events"
  | "failures"
  | "throttled"
  | "bytes"
  | "targets"
  | "people"
  | "ips"
  | "busiest_minute";

export const MEASURES: readonly Measure[] = [
  ...ACTION_CLASSES,
  "events",
  "failures",
  "throttled",
  "bytes",
  "targets",
  "people",
  "ips",
  "busiest_minute",
];

/** One day's value of a measure. */
export function measure(profile: Profile, name: Measure): number {
  switch (name) {
    case "events":
    case "failures":
    case "throttled":
    case "bytes":
      return profile[name];
    case "targets":
    case "people":
    case "ips":
      return breadth(profile)[name];
    case "busiest_minute":
      return busiestMinute(profile).count;
    default:
      return countOf(profile, name);
  }
}
