/** What every script of the simulation works with: the company, a stretch of days, seeded draws, and records to emit. */

import type { Prng } from "#base/prng.ts";
import type { AttackType } from "#contract/finding.ts";
import type { Platform } from "#contract/platform.ts";
import type { Company, Person } from "./company.ts";

/** The platforms that a simulated company uses. */
export const SIMULATED = ["slack", "google", "microsoft"] as const satisfies readonly Platform[];
export type Simulated = (typeof SIMULATED)[number];

export type Fields = Record<string, unknown>;

/** One raw vendor record, as the vendor's API or export gives it, and when it happened. */
export interface Emission {
  /** Epoch milliseconds, event time. */
  readonly at: number;
  readonly platform: Simulated;
  /** The log or list that holds it, by the id that `formats` shows: slack:audit, google:drive, o365:Exchange … */
  readonly service: string;
  readonly record: Fields;
}

/** One UTC day of the run. */
export interface Day {
  /** First millisecond. */
  readonly start: number;
  /** 0 for the first day of the run. */
  readonly index: number;
}

/**
 * Whoever leaves records: an automation at its daily work, the people of a platform, a scenario's intruder. Asked once a
 * day, in order of days. Draws come from `rng` alone, which is the same for the same seed, performer and day, whoever
 * else is on the stage; so a world without attacks is the same world with the attacks left out.
 */
export interface Performer {
  /** Unique in the run: names the stream of draws. It never enters a record. */
  readonly id: string;
  act(day: Day, rng: Prng, emit: (emission: Emission) => void): void;
}

/** One automation of the company, whatever it is up to: what the inventory should find. */
export interface CastMember extends Performer {
  readonly platform: Simulated;
  /** The vendor's id of it, as records give it and as the inventory names it. */
  readonly nativeId: string;
  readonly name: string;
  /** What it does all day: backup, notifier, sync … For labels and counts; it never enters a record. */
  readonly behaviour: string;
  /** What a scenario needs to act as this very automation with stolen keys. */
  readonly handle: Handle;
}

/** How an automation appears in records, so that a scenario can make records in its name. */
export interface Handle {
  readonly kind: string;
  readonly vendor: string | null;
  readonly scopes: readonly string[];
  /** Who let it in, or made it. */
  readonly owner: Person;
  /** Addresses and user agent of its usual infrastructure. */
  readonly ips: readonly string[];
  readonly userAgent: string;
  /** Ids that only this platform has: service principal object id, bot user id, script id … */
  readonly ids: Readonly<Record<string, string>>;
}

/** State exports (lists of apps, tokens, people) as they are at the end of the run. */
export interface StateFile {
  readonly platform: Simulated;
  /** The list, by the id that `formats` shows. */
  readonly service: string;
  /** The key under which the vendor's page holds its rows. */
  readonly key: string;
  readonly rows: readonly Fields[];
}

/** Everything a scenario is given when it is set up. */
export interface Setting {
  readonly company: Company;
  readonly days: readonly Day[];
  /** Draws for the choices of this scenario. */
  readonly rng: Prng;
  /** 0 blatant .. 1 stealthy: fewer, slower, later, better disguised. Look-alikes get 0.5. */
  readonly stealth: number;
  /** The platform's everyday automations; `take` gives one that no other scenario has, or null where none fits. */
  take(fits: (member: CastMember) => boolean): CastMember | null;
  /** A person whom no other scenario uses. */
  takePerson(fits?: (person: Person) => boolean): Person;
  /** Unique in the run; for making ids. */
  readonly id: string;
}

/** What a scenario puts on the stage. */
export interface Play {
  /** Whom the truth is about: automations by native id, or people by e-mail where no automation acts. */
  readonly subjects: readonly Subject[];
  /** Automations that exist only because of this scenario, for the inventory's truth. */
  readonly newcomers: readonly { readonly nativeId: string; readonly name: string }[];
  /** Epoch milliseconds of the first and last record that is part of it. */
  readonly from: number;
  readonly to: number;
  readonly performers: readonly Performer[];
  /** Rows that it adds to the state exports. */
  readonly state?: readonly StateFile[];
}

export interface Subject {
  readonly platform: Simulated;
  readonly automation: string | null;
  readonly principal: string | null;
}

/** A script: an attack when it has an attack type, else a look-alike that causes false alarms elsewhere. */
export interface Scenario {
  /** Kebab-case, unique. It goes into the labels and never into a record. */
  readonly id: string;
  readonly title: string;
  readonly platform: Simulated;
  /** Null for a benign look-alike. */
  readonly attackType: AttackType | null;
  readonly techniques: readonly string[];
  /** Null where the world lacks what it needs (no automation of that kind left). */
  stage(setting: Setting): Play | null;
}

/** One platform's side of the simulation. */
export interface SimulatedPlatform {
  readonly platform: Simulated;
  /** `count` everyday automations, of the mix of kinds and trades that companies have. */
  cast(company: Company, count: number, rng: Prng, days: readonly Day[]): readonly CastMember[];
  /** What the people do by hand: sign in, edit, share, consent now and then. */
  people(company: Company): readonly Performer[];
  /** Lists of apps, grants and people as they are at the end. */
  state(company: Company, cast: readonly CastMember[], days: readonly Day[]): readonly StateFile[];
  readonly attacks: readonly Scenario[];
  readonly lookalikes: readonly Scenario[];
}

/** One line of the labels file: the truth about one scenario, kept apart from the records. */
export interface Label {
  readonly scenario: string;
  readonly title: string;
  readonly attackType: AttackType | null;
  readonly techniques: readonly string[];
  readonly platform: Simulated;
  readonly subjects: readonly Subject[];
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly stealth: number;
}
