/** Tools of the scripts: the dial of stealth, when and from where intruders act, and turning moments into a play. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { isWorkday, local, type Office, type Person, stableGuid } from "#simulator/company.ts";
import type { Day, Emission, Play, Setting, StateFile, Subject } from "#simulator/stage.ts";
import { isMember, type Member } from "./member.ts";
import { cloudPlace, hostingPlace, neighbour } from "./places.ts";
import { type App, appNamed, deskOf, type Place } from "./records/common.ts";

/** Something that happens at a moment, with one record or a few within `lastsMs`. */
export interface Beat {
  readonly at: number;
  readonly lastsMs: number;
  readonly make: (rng: Prng, at: number) => Emission | readonly Emission[];
}

export function once(at: number, make: Beat["make"], lastsMs = 0): Beat {
  return { at, make, lastsMs };
}

export function each(moments: readonly number[], make: Beat["make"]): Beat[] {
  return moments.map((at) => ({ at, make, lastsMs: 0 }));
}

export interface Parts {
  readonly subjects: readonly Subject[];
  readonly newcomers?: readonly App[];
  readonly state?: readonly StateFile[];
}

/** Plays the beats that fall into the run; null where none does. */
export function played(setting: Setting, parts: Parts, beats: readonly Beat[]): Play | null {
  const first = setting.days[0];
  const end = endOf(setting);
  if (first === undefined) return null;
  const kept = beats
    .filter(({ at, lastsMs }) => at >= first.start && at + lastsMs < end)
    .sort((a, b) => a.at - b.at);
  if (kept.length === 0) return null;
  const byDay = new Map<number, Beat[]>();
  let to = 0;
  for (const beat of kept) {
    const index = Math.floor((beat.at - first.start) / DAY_MS);
    const held = byDay.get(index);
    if (held === undefined) byDay.set(index, [beat]);
    else held.push(beat);
    to = Math.max(to, beat.at + beat.lastsMs);
  }
  return {
    subjects: parts.subjects,
    newcomers: (parts.newcomers ?? []).map(({ appId, name }) => ({ nativeId: appId, name })),
    from: kept[0]?.at ?? first.start,
    to,
    performers: [
      {
        id: `microsoft:scene:${setting.id}`,
        act: (day, rng, emit) => {
          for (const { make, at } of byDay.get(day.index) ?? []) {
            const made = make(rng, at);
            if ("record" in made) emit(made);
            else for (const one of made) emit(one);
          }
        },
      },
    ],
    ...(parts.state === undefined ? {} : { state: parts.state }),
  };
}

export function endOf({ days }: Setting): number {
  return (days.at(-1)?.start ?? 0) + DAY_MS;
}

/** An everyday automation of this platform that has been there since before the run. */
export function takeMember(setting: Setting, fits: (member: Member) => boolean): Member | null {
  const found = setting.take(
    (member) => isMember(member) && member.fate.arrivesOn === null && fits(member),
  );
  return found !== null && isMember(found) ? found : null;
}

export function takeAdmin(setting: Setting): Person {
  return setting.takePerson(({ isAdmin, leftAt }) => isAdmin && leftAt === null);
}

/** Any administrator: several may be deceived, and one may have had a part in more than one thing. */
export function someAdmin({ company, rng }: Setting): Person {
  const admins = company.people.filter(({ isAdmin, leftAt }) => isAdmin && leftAt === null);
  return rng.pick(admins.length > 0 ? admins : company.people);
}

/** Any number of people, for what happens to many at once. */
export function somePeople({ company, rng }: Setting, count: number): Person[] {
  const found: Person[] = [];
  for (let tries = 0; found.length < count && tries < 8 * count; tries++) {
    const person = rng.pick(company.people);
    if (!person.isAdmin && person.leftAt === null && !found.includes(person)) found.push(person);
  }
  return found;
}

export function takeUser(setting: Setting): Person {
  return setting.takePerson(
    ({ isAdmin, isGuest, leftAt }) => !isAdmin && !isGuest && leftAt === null,
  );
}

/** Between what the blatant and what the stealthy do, by equal factors. */
export function dial({ stealth }: Setting, blatant: number, stealthy: number): number {
  return blatant * (stealthy / blatant) ** stealth;
}

/**
 * A working day with the past before it that baselines need. The stealthy come later, and leave themselves days to
 * spread over.
 */
export function dayOf(setting: Setting): Day {
  const { days, rng, company } = setting;
  const from = 0.4 + 0.15 * setting.stealth;
  const first = Math.floor(days.length * (from + 0.25 * rng.next()));
  const workdays = days.filter(({ start, index }) => index >= first && isWorkday(company, start));
  const found = workdays[0] ?? days.at(-1);
  if (found === undefined) throw new Error("a run has days");
  return found;
}

/** A moment in office hours of that day. */
export function inOffice(setting: Setting, day: Day, office: Office): number {
  const { rng } = setting;
  return local(day.start, office, rng.int(9, 15), rng.int(0, 59)) + rng.int(0, 59_000);
}

/** The blatant come by night, the stealthy when everybody is there. */
export function whenever(setting: Setting, day: Day, office: Office): number {
  if (setting.stealth >= 0.5) return inOffice(setting, day, office);
  return local(day.start, office, setting.rng.pick([1, 2, 3, 22, 23]), setting.rng.int(0, 59));
}

export interface Campaign {
  /** Not before this moment. */
  readonly from: number;
  readonly office: Office;
  /** How many pieces of work, all together. */
  readonly blatant: number;
  readonly stealthy: number;
  /** Over how many working days the stealthiest spread it. */
  readonly days?: number;
}

/** Moments of a theft: all at once and in a row, or a little each working day among everybody else's. */
export function campaign(setting: Setting, what: Campaign): number[] {
  const { rng, stealth, company } = setting;
  const count = Math.max(3, Math.round(dial(setting, what.blatant, what.stealthy)));
  const end = endOf(setting);
  const moments: number[] = [];
  if (stealth < 0.5) {
    const span = Math.min(
      (0.6 + 9 * stealth) * HOUR_MS,
      Math.max(HOUR_MS, end - what.from - HOUR_MS),
    );
    for (let i = 0; i < count; i++) moments.push(Math.floor(what.from + span * rng.next()));
    return moments.sort((a, b) => a - b);
  }
  const wanted = Math.max(1, Math.round((what.days ?? 8) * stealth));
  const starts: number[] = [];
  const first = Math.floor(what.from / DAY_MS) * DAY_MS;
  for (let at = first; at < end && starts.length < wanted; at += DAY_MS) {
    if (isWorkday(company, at)) starts.push(at);
  }
  for (let i = 0; i < count; i++) {
    const start = starts[i % Math.max(1, starts.length)] ?? first;
    const hour = 8.5 + 4.75 * (rng.next() + rng.next());
    const at = Math.floor(local(start, what.office, 0) + hour * HOUR_MS);
    moments.push(at >= what.from ? at : what.from + Math.floor(rng.next() * 3 * HOUR_MS));
  }
  return moments.sort((a, b) => a - b);
}

/** A new token about every hour. */
export function tokenMoments(moments: readonly number[]): number[] {
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const at of moments) {
    if (at - last <= 65 * MINUTE_MS) continue;
    last = at;
    found.push(at);
  }
  return found.map((at) => at - 900);
}

/** Rented servers far away; for the stealthier another cloud in the same country, at last the same network. */
export function intruder(setting: Setting, near: Place | null): Place {
  const { rng, stealth } = setting;
  if (stealth < 0.4 || near === null) {
    const place = stealth < 0.4 ? hostingPlace(rng) : cloudPlace(rng);
    return near !== null && stealth >= 0.25 ? { ...place, userAgent: near.userAgent } : place;
  }
  if (stealth < 0.9)
    return { ...cloudPlace(rng), country: near.country, userAgent: near.userAgent };
  return neighbour(rng, near);
}

/** Somebody else's line that passes for a person's home. */
export function strangersLine(setting: Setting, person: Person): Place {
  const { rng, stealth } = setting;
  const desk = deskOf(person);
  if (stealth < 0.5)
    return {
      ...hostingPlace(rng),
      userAgent: stealth < 0.25 ? "python-requests/2.31.0" : desk.userAgent,
    };
  return {
    ...desk,
    ip: `198.18.${rng.int(100, 199)}.${rng.int(1, 250)}`,
    asn:
      stealth < 0.9
        ? rng.pick(["9009", "20473", "6939"])
        : ({ DE: "3209", US: "7922", AU: "7545" }[person.office.country] ?? desk.asn),
  };
}

/** An app that nobody has heard of; the stealthy one sounds and looks like any vendor's. */
export function newcomer(
  setting: Setting,
  names: { readonly loud: readonly string[]; readonly quiet: readonly string[] },
  known: Partial<App> = {},
): App {
  const { rng, stealth, company } = setting;
  const name = rng.pick(stealth < 0.5 ? names.loud : names.quiet);
  return appNamed(name, `${company.seed} ${setting.id} ${name}`, {
    ...(stealth >= 0.95 ? { publisher: `${name.split(" ")[0] ?? name} Software` } : {}),
    ...known,
  });
}

export function byAutomation(nativeId: string): Subject {
  return { platform: "microsoft", automation: nativeId, principal: null };
}

export function byPerson(person: Person): Subject {
  return { platform: "microsoft", automation: null, principal: person.email };
}

/** The usual place of an automation. */
export function homeOf(member: Member, rng: Prng): Place {
  return rng.pick(member.places);
}

export function newKeyId(setting: Setting): string {
  return stableGuid(`${setting.company.seed} ${setting.id} key`);
}
