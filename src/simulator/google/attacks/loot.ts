/** How much a thief takes and how: files, mails, over how many days, against what the victim's automation usually does. */

import type { Prng } from "#base/prng.ts";
import { HOUR_MS } from "#base/time.ts";
import type { Person } from "#simulator/company.ts";
import type { App, Place } from "#simulator/google/apps.ts";
import { ownDoc, sharedDoc } from "#simulator/google/documents.ts";
import {
  apiCall,
  type Beat,
  daysFrom,
  dial,
  dialWhole,
  moments,
  scene,
} from "#simulator/google/play.ts";
import { accessed } from "#simulator/google/records.ts";
import type { Day, Setting } from "#simulator/stage.ts";

export interface Heist {
  readonly app: App;
  readonly from: Day;
  /** Nothing is taken before this moment: the keys are not there yet. */
  readonly after?: number;
  readonly victims: readonly Person[];
  readonly hosts: readonly Place[];
  /** Records a day that the application usually leaves; 0 for a new one. */
  readonly usual: number;
  /** Times the blatant and the stealthy amounts of an average theft. */
  readonly scale?: number;
}

/** Things a day: many times the usual at once, or twice the usual for a week and a half. */
export function lootPerDay(setting: Setting, usual: number, scale = 1): number {
  return Math.round(Math.max(usual * dial(setting, 25, 2.5), scale * dial(setting, 700, 45)));
}

/** One thing taken: when, and in whose name. */
export interface Taking {
  readonly at: number;
  readonly who: Person;
}

/** Files out of the victims' Drives, each with its call and its record. */
export function takesFiles(setting: Setting, heist: Heist): Beat[] {
  return filesAt(setting, heist.app, heist.hosts, plan(setting, heist));
}

export function filesAt(
  setting: Setting,
  app: App,
  hosts: readonly Place[],
  takings: readonly Taking[],
): Beat[] {
  const first = setting.rng.int(0, 200);
  return takings.flatMap(({ at, who }, index) => {
    const next = first + index;
    const doc = next % 5 === 0 ? sharedDoc(next * 3) : ownDoc(who, next % 600);
    const later = { at: at + 120, who, hosts };
    return [
      apiCall(setting, { at, who, hosts }, app, "drive.files.get", [30_000, 6_000_000]),
      {
        at: later.at,
        make: (rng: Prng) => accessed(scene(setting, later, app, rng), "download", doc),
      },
    ];
  });
}

/** Mails out of the victims' mailboxes: now and then a list of them, then one after the other. */
export function takesMail(setting: Setting, heist: Heist): Beat[] {
  return mailsAt(setting, heist.app, heist.hosts, plan(setting, heist));
}

export function mailsAt(
  setting: Setting,
  app: App,
  hosts: readonly Place[],
  takings: readonly Taking[],
): Beat[] {
  return takings.map(({ at, who }, index) => {
    const act = { at, who, hosts };
    return index % 12 === 0
      ? apiCall(setting, act, app, "gmail.users.messages.list", [4_000, 60_000])
      : apiCall(setting, act, app, "gmail.users.messages.get", [5_000, 500_000]);
  });
}

export function plan(setting: Setting, heist: Heist): Taking[] {
  const { rng } = setting;
  const amount = lootPerDay(setting, heist.usual, heist.scale ?? 1);
  const found: Taking[] = [];
  for (const day of daysFrom(setting, heist.from, dialWhole(setting, 1, 9))) {
    found.push(...ofDay(setting, heist, day, uneven(amount, rng), rng));
  }
  return found.sort((a, b) => a.at - b.at);
}

function uneven(amount: number, rng: Prng): number {
  return Math.max(1, Math.round(amount * (0.75 + 0.5 * rng.next())));
}

function ofDay(
  setting: Setting,
  { victims, after = 0 }: Heist,
  day: Day,
  amount: number,
  rng: Prng,
): Taking[] {
  const [first] = victims;
  if (first === undefined) return [];
  return moments(setting, day, amount, first.office, rng).map((at, index) => ({
    // What would lie before the keys were there happens within the hours after.
    at: at > after ? at : after + 60_000 + Math.floor(3 * HOUR_MS * rng.next()),
    who: victims[index % victims.length] ?? first,
  }));
}
