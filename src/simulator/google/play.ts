/** Tools of the scripts: the dial, the days, the machines, and a list of beats that becomes a play. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { isWorkday, local, type Office, type Person } from "#simulator/company.ts";
import type {
  Day,
  Emission,
  Fields,
  Performer,
  Play,
  Setting,
  StateFile,
  Subject,
} from "#simulator/stage.ts";
import {
  type App,
  type AppOptions,
  createApp,
  desk,
  elsewhere,
  home,
  nativeId,
  nextDoor,
  type Place,
} from "./apps.ts";
import { accountRow } from "./cast.ts";
import { officeMoment } from "./habits.ts";
import { type GoogleMember, isGoogleMember, tokenRow } from "./member.ts";
import { coined } from "./names.ts";
import { runsConsole } from "./people.ts";
import { authorized, called, type Failure, type Scene } from "./records.ts";
import { ACCOUNTS, TOKENS } from "./state.ts";

/** Something that happens at a moment. Its record is made when the day comes, so that a play costs little until then. */
export interface Beat {
  readonly at: number;
  make(rng: Prng): Emission;
}

export interface Roles {
  readonly subjects: readonly Subject[];
  /** Applications that exist only because of the scenario. */
  readonly newcomers?: readonly App[];
  readonly state?: readonly StateFile[];
}

/** Beats outside the run are left out; without any there is no play. */
export function playOf(setting: Setting, beats: readonly Beat[], roles: Roles): Play | null {
  const first = setting.days[0]?.start ?? 0;
  const end = (setting.days.at(-1)?.start ?? 0) + DAY_MS;
  const inside = beats.filter(({ at }) => at >= first && at < end).sort((a, b) => a.at - b.at);
  const [opening] = inside;
  const closing = inside.at(-1);
  if (opening === undefined || closing === undefined) return null;
  return {
    subjects: roles.subjects,
    newcomers: (roles.newcomers ?? []).map((app) => ({ nativeId: nativeId(app), name: app.name })),
    from: opening.at,
    to: closing.at,
    performers: [performer(setting.id, inside)],
    state: roles.state ?? [],
  };
}

function performer(id: string, beats: readonly Beat[]): Performer {
  return {
    id,
    act(day, rng, emit) {
      for (const { at, make } of beats)
        if (at >= day.start && at < day.start + DAY_MS) emit(make(rng));
    },
  };
}

// The dial

/** A number between what a blatant and what a stealthy script does, in even ratios: halfway from 100 to 1 is 10. */
export function dial(setting: Setting, blatant: number, stealthy: number): number {
  return blatant * (stealthy / blatant) ** setting.stealth;
}

export function dialWhole(setting: Setting, blatant: number, stealthy: number): number {
  return Math.max(1, Math.round(dial(setting, blatant, stealthy)));
}

/** True more and more often as the script grows stealthy. */
export function isCareful(setting: Setting, from = 0.5): boolean {
  return setting.stealth >= from;
}

// Days and hours

/** The day at a share of the run; a day of work where one is near. */
export function dayAt(setting: Setting, share: number, wantsWork = true): Day {
  const { days, company } = setting;
  const index = Math.min(days.length - 1, Math.max(0, Math.floor(share * days.length)));
  const near = days.slice(index, index + 5).find((day) => isWorkday(company, day.start));
  const day = (wantsWork ? near : undefined) ?? days[index];
  if (day === undefined) throw new Error("a run has days");
  return day;
}

/** A share of the run at which an act begins: late enough for a history before it, early enough to be seen to the end. */
export function opening(setting: Setting, from = 0.45, to = 0.7): number {
  return from + (to - from) * setting.rng.next();
}

/** The days that follow a day, itself included; careful scripts rest when offices do. */
export function daysFrom(setting: Setting, day: Day, count: number): Day[] {
  return setting.days
    .slice(day.index)
    .filter(({ start }) => !isCareful(setting) || isWorkday(setting.company, start))
    .slice(0, count);
}

/**
 * Moments within a day: careless scripts run through the night as fast as they can, careful ones among the day's work.
 */
export function moments(
  setting: Setting,
  day: Day,
  count: number,
  office: Office,
  rng: Prng,
): number[] {
  if (isCareful(setting)) {
    return Array.from({ length: count }, () => officeMoment(office, day.start, rng));
  }
  const start = local(day.start, office, 1 + 3 * rng.next());
  // From several a second to a few a minute.
  const length = Math.min(6 * HOUR_MS, count * dial(setting, 300, 60_000));
  return Array.from({ length: count }, () => Math.floor(start + length * rng.next()));
}

export function minutesAfter(at: number, min: number, max: number, rng: Prng): number {
  return at + Math.floor((min + (max - min) * rng.next()) * 60_000);
}

/** When a person who is at work clicks on something. */
export function clickTime(person: Person, day: Day, rng: Prng): number {
  return officeMoment(person.office, day.start, rng);
}

// Who and where

/** Where somebody sits who uses stolen keys: far away, then in the same cloud, then among the usual machines. */
export function hideout(setting: Setting, victim: GoogleMember): readonly Place[] {
  const usual = placesOf(victim);
  const [first] = usual;
  if (first === undefined || setting.stealth < 0.4) return [elsewhere(setting.id)];
  return setting.stealth < 0.9 ? [nextDoor(first, setting.id)] : usual;
}

/** Its machines; what runs on people's own devices is where they are. */
export function placesOf(member: GoogleMember): readonly Place[] {
  const { app, places } = member.traits;
  if (app.clientType === "WEB") return places;
  return usersOf(member).flatMap((person) => [desk(person), home(person)]);
}

/** Machines rented for the purpose, in a usual cloud when it matters. */
export function rented(setting: Setting): readonly Place[] {
  const place = elsewhere(setting.id);
  return [isCareful(setting, 0.4) ? { ...place, asn: 16509, country: "US" } : place];
}

/** An administrator's session, from where it was stolen to, or from her own desk. */
export function adminPlace(setting: Setting, admin: Person): readonly Place[] {
  return [setting.stealth < 0.6 ? elsewhere(`${setting.id} admin`) : desk(admin)];
}

export function takeMember(
  setting: Setting,
  fits: (member: GoogleMember) => boolean,
): GoogleMember | null {
  const found = setting.take((member) => isGoogleMember(member) && fits(member));
  return found !== null && isGoogleMember(found) ? found : null;
}

/** What an everyday automation does on a usual day, in records. */
export function usualOf({ traits }: GoogleMember): number {
  return traits.habits.level;
}

/** Whether it worked before the scenario and would go on to, for people who are still there. */
export function isAtWork(member: GoogleMember): boolean {
  const { approval, habits } = member.traits;
  const isBusy = habits.level >= 1 && habits.rhythm !== "idle";
  return approval === null && isBusy && usersOf(member).length > 0;
}

export function hasScope({ traits }: GoogleMember, pattern: RegExp): boolean {
  return traits.app.scopes.some((scope) => pattern.test(scope));
}

/** People who let it in before the run and are still there. */
export function usersOf({ traits }: GoogleMember): Person[] {
  return traits.grants
    .filter(
      ({ at, revokedAt, person }) => at === null && revokedAt === null && person.leftAt === null,
    )
    .map(({ person }) => person);
}

export function newApp(setting: Setting, name: string, options: AppOptions, part = ""): App {
  return createApp(setting.company, `${setting.id} ${part}`, name, options);
}

/** A name that nobody has heard of and nobody would wonder about. */
export function plausible(setting: Setting, ...words: readonly string[]): string {
  return `${coined(setting.rng)} ${setting.rng.pick(words)}`;
}

/** A mailbox outside: a throw-away one, or one that reads like a partner's. */
export function strangerMailbox(setting: Setting): string {
  const { rng } = setting;
  if (!isCareful(setting))
    return `${rng.pick(["copy", "box", "in", "a"])}${rng.int(10, 9_999)}@freemail.example`;
  const name = rng.pick(["projects", "journal", "reports", "office", "notes"]);
  return `${name}@${coined(rng).toLowerCase()}-${rng.pick(["services", "partners", "group"])}.example`;
}

/** A web address that takes what is sent to it: a bare one, or one like those of many services. */
export function strangerUrl(setting: Setting): string {
  const { rng } = setting;
  return isCareful(setting)
    ? `https://hooks.${coined(rng).toLowerCase()}.example/v1/${rng.int(4_096, 65_535).toString(16)}`
    : `http://203.0.113.${rng.int(1, 254)}/upload`;
}

export function colleagues(setting: Setting, count: number, but: readonly Person[] = []): Person[] {
  const fits = setting.company.people.filter(
    (person) => person.leftAt === null && !person.isGuest && !but.includes(person),
  );
  const from = setting.rng.int(0, Math.max(0, fits.length - 1));
  return fits.length <= count
    ? fits
    : Array.from({ length: count }, (_, i) => fits[(from + i * 3) % fits.length]).filter(
        (person) => person !== undefined,
      );
}

/** One of those who work at the Admin console; many scripts may use the same session. */
export function anyAdmin(setting: Setting): Person {
  return setting.rng.pick(setting.company.people.filter(runsConsole));
}

/** The same for scripts that are about the person. */
export function takeAdmin(setting: Setting): Person {
  return setting.takePerson(runsConsole);
}

// What scripts do again and again

export interface At {
  readonly at: number;
  readonly who: Person;
  /** Machines that take turns; the person's own desk if there are none. */
  readonly hosts?: readonly Place[];
}

export function scene<V extends App | null>(
  setting: Setting,
  { at, who, hosts = [] }: At,
  via: V,
  rng: Prng,
): Scene & { via: V } {
  const place = hosts[Math.floor(at / TURN_MS) % hosts.length] ?? desk(who);
  return { company: setting.company, at, who, place, via, rng };
}

/** What belongs together comes from one machine. */
const TURN_MS = 10 * MINUTE_MS;

export function consent(
  setting: Setting,
  at: number,
  who: Person,
  app: App,
  scopes = app.scopes,
): Beat {
  return { at, make: (rng) => authorized(scene(setting, { at, who }, app, rng), scopes) };
}

export function apiCall(
  setting: Setting,
  act: At,
  app: App,
  method: string,
  bytes: readonly [min: number, max: number],
): Beat {
  return {
    at: act.at,
    make: (rng) => called(scene(setting, act, app, rng), method, rng.int(bytes[0], bytes[1])),
  };
}

export function refusedCall(
  setting: Setting,
  act: At,
  app: App,
  method: string,
  failure: Failure,
): Beat {
  return {
    at: act.at,
    make: (rng) => called(scene(setting, act, app, rng), method, 0, failure),
  };
}

// Subjects and lists

export function automation(app: App): Subject {
  return { platform: "google", automation: nativeId(app), principal: null };
}

export function principal(person: Person): Subject {
  return { platform: "google", automation: null, principal: person.email };
}

/** The lists show what people let in, and the company's own service accounts. */
export function listed(app: App, people: readonly Person[]): StateFile[] {
  const rows: Fields[] = people.map((person) => tokenRow(app, person));
  const account = accountRow(app);
  return [
    ...(rows.length === 0 || app.kind === "service_account"
      ? []
      : [{ platform: "google", ...TOKENS, rows } as const]),
    ...(account === null ? [] : [{ platform: "google", ...ACCOUNTS, rows: [account] } as const]),
  ];
}
