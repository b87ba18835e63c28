/** One everyday automation of the tenant: what it is, how its life goes, and the records of each of its days. */

import type { Prng } from "#base/prng.ts";
import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { type Company, isWorkday, local, type Person, stableGuid } from "#simulator/company.ts";
import type { CastMember, Day, Emission } from "#simulator/stage.ts";
import { type App, deskOf, type Place } from "./records/common.ts";
import {
  applicationAdded,
  consent,
  keyAdded,
  keyRemoved,
  ownerAdded,
  principalAdded,
  roleGranted,
} from "./records/directory.ts";
import { appSignIn, userSignIn } from "./records/sign-in.ts";
import { type Agent, flowChange, teamsWork } from "./records/unified.ts";
import { momentsOf, type Rhythm } from "./rhythm.ts";
import type { Means, Trade } from "./trades.ts";

/** What happens to an automation in the course of the run; days are indexes of the run, null is never. */
export interface Fate {
  /** It is let in on this day; before the run where null. */
  readonly arrivesOn: number | null;
  /** It stands still from the first to the day before the second. */
  readonly outage: readonly [number, number] | null;
  /** Its secret had run out: it is refused while it stands still, until its owner renews it. */
  readonly isExpired: boolean;
  /** It is deployed to other machines. */
  readonly moves: { readonly on: number; readonly places: readonly Place[] } | null;
  /** Its owner renews the secret. */
  readonly rotatesOn: number | null;
  /** Its owner makes a colleague an owner, too. */
  readonly coOwner: { readonly on: number; readonly person: Person } | null;
  /** From this day on it has so much more to do, or less. */
  readonly step: { readonly on: number; readonly factor: number } | null;
  /** Factor by which its work grows each day. */
  readonly growth: number;
  readonly throttled: number;
  readonly failing: number;
}

export interface Member extends CastMember {
  readonly app: App;
  readonly agent: Agent | null;
  readonly trade: Trade;
  readonly means: Means;
  /** Its machines. */
  readonly places: readonly Place[];
  /** Mean number of pieces of work a day. */
  readonly perDay: number;
  readonly rhythm: Rhythm;
  readonly fate: Fate;
  readonly owner: Person;
  /** The administrator who grants what an app may do by itself. */
  readonly approver: Person;
  /** Whose data it works on, or who let it act for them. */
  readonly users: readonly Person[];
  /** An administrator let it in for everybody. */
  readonly isForAll: boolean;
  readonly connectors: readonly string[];
  /** When it came into the tenant. */
  readonly createdAt: number;
}

/** The automations of this platform carry more than the stage asks for. */
export function isMember(member: CastMember): member is Member {
  return "app" in member && "fate" in member;
}

/** A token lasts about so long; then the app signs in anew. */
const TOKEN_MS = 65 * MINUTE_MS;

export type Life = Omit<Member, "act">;

export function memberOf(company: Company, life: Life): Member {
  return { ...life, act: (day, rng, emit) => actDay(company, life, day, rng, emit) };
}

function actDay(
  company: Company,
  life: Life,
  day: Day,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  const { fate, trade } = life;
  if (fate.arrivesOn !== null) {
    if (day.index < fate.arrivesOn) return;
    if (day.index === fate.arrivesOn) arrive(company, life, day, rng, emit);
  }
  if (life.means === "flow") {
    editFlow(company, life, day, rng, emit);
    return;
  }
  housekeeping(company, life, day, rng, emit);
  const places =
    fate.moves !== null && day.index >= fate.moves.on ? fate.moves.places : life.places;
  const isDown = fate.outage !== null && day.index >= fate.outage[0] && day.index < fate.outage[1];
  const isCatchingUp = fate.outage !== null && day.index === fate.outage[1];
  const step = fate.step !== null && day.index >= fate.step.on ? fate.step.factor : 1;
  const perDay = step * life.perDay * fate.growth ** day.index * (isCatchingUp ? 1.9 : 1);
  let moments = momentsOf(company, life.rhythm, perDay, life.owner.office, day, rng);
  if (isDown) {
    if (fate.isExpired) refuse(company, life, moments.slice(0, 6), places, rng, emit);
    return;
  }
  if (fate.arrivesOn === day.index) moments = moments.filter((at) => at > arrivalAt(life, day));
  let signedInAt = Number.NEGATIVE_INFINITY;
  let place = places[0];
  for (const at of moments) {
    if (at - signedInAt > TOKEN_MS) {
      place = rng.pick(places);
      signIn(company, life, at - rng.int(200, 2_500), place, day.index, rng, emit);
      signedInAt = at;
    }
    if (place === undefined) return;
    trade.work(
      {
        company,
        rng,
        app: life.app,
        place,
        agent: life.agent,
        users: life.users,
        throttled: fate.throttled,
        failing: fate.failing,
        emit,
      },
      at,
    );
  }
}

/** Its key after the renewal is another one. */
function keyOn(life: Life, index: number): string {
  const { rotatesOn } = life.fate;
  return rotatesOn !== null && index > rotatesOn ? renewedKey(life) : life.app.keyId;
}

function renewedKey(life: Life): string {
  return stableGuid(`renewed ${life.app.keyId}`);
}

function signIn(
  company: Company,
  life: Life,
  at: number,
  place: Place,
  index: number,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  const { app, trade } = life;
  if (life.means === "agent") return;
  if (life.means === "delegated") {
    const person = rng.pick(life.users);
    // People open what only knows who they are from their own desk.
    const isByHand = trade.behaviour === "single-sign-on";
    const from = isByHand ? deskOf(person) : place;
    emit(
      userSignIn(company, rng, at, person, isByHand, {
        app,
        place: from,
        resource: trade.resource,
      }),
    );
    return;
  }
  emit(
    appSignIn(company, rng, at, {
      app,
      place,
      resource: trade.resource,
      keyId: keyOn(life, index),
    }),
  );
}

function refuse(
  company: Company,
  life: Life,
  moments: readonly number[],
  places: readonly Place[],
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  if (life.means !== "app") return;
  for (const at of moments) {
    emit(
      appSignIn(company, rng, at, {
        app: life.app,
        place: rng.pick(places),
        resource: life.trade.resource,
        error: 7_000_222,
        reason: "The provided client secret keys for app are expired.",
      }),
    );
  }
}

/** Owners renew secrets in office hours, and tidy the old one away on the next working day, if at all. */
function housekeeping(
  company: Company,
  life: Life,
  day: Day,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  const { rotatesOn, coOwner } = life.fate;
  const { owner, app } = life;
  const by = { person: owner, place: deskOf(owner) };
  if (coOwner !== null && day.index === coOwner.on) {
    const when = local(day.start, owner.office, rng.int(9, 16), rng.int(0, 59));
    emit(ownerAdded(company, rng, when, by, app, coOwner.person));
  }
  if (rotatesOn === null) return;
  const at = local(day.start, owner.office, rng.int(9, 16), rng.int(0, 59));
  if (day.index === rotatesOn) {
    const key = {
      keyId: renewedKey(life),
      type: "Password",
      label: `renewed ${rng.int(1, 12)}`,
      isBeside: true,
    } as const;
    for (const record of keyAdded(company, rng, at, by, app, key)) emit(record);
  } else if (day.index === rotatesOn + 2 && isWorkday(company, day.start) && rng.chance(0.7)) {
    emit(keyRemoved(company, rng, at, by, app, renewedKey(life)));
  }
}

function arrivalAt(life: Life, day: Day): number {
  return local(day.start, life.owner.office, 10, life.app.name.length);
}

/** How it is let in: by an administrator for everybody, or by the people themselves for what is harmless. */
function arrive(
  company: Company,
  life: Life,
  day: Day,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  const { app, owner, trade } = life;
  const by = { person: owner, place: deskOf(owner) };
  const at = arrivalAt(life, day);
  if (life.means === "app") {
    const approver = { person: life.approver, place: deskOf(life.approver) };
    const isOwn = app.ownerTenant === company.entraTenantId;
    if (isOwn) emit(applicationAdded(company, rng, at - 2_000, by, app));
    emit(principalAdded(company, rng, at, isOwn ? by : approver, app));
    for (const [index, role] of app.roles.entries()) {
      emit(roleGranted(company, rng, at + 1_500 + index * 300, approver, app, role));
    }
    if (trade.behaviour === "teams-bot") {
      emit(
        teamsWork(company, rng, at + 60_000, owner, "AppInstalled", by.place, {
          AddOnName: app.name,
          AddOnGuid: app.objectId,
          AzureADAppId: app.appId,
          AppDistributionMode: app.ownerTenant === company.entraTenantId ? "Organization" : "Store",
          TeamName: "Company",
          TeamGuid: `19:${stableGuid("team Company")}@thread.tacv2`,
        }),
      );
    }
  } else if (life.means === "delegated") {
    const given = {
      scopes: app.scopes,
      isAdmin: owner.isAdmin,
      person: life.isForAll ? null : owner,
    };
    for (const record of consent(company, rng, at, by, app, given)) emit(record);
    // The others follow in their own time.
    if (life.isForAll) return;
    for (const person of life.users) {
      if (person === owner || !rng.chance(0.5)) continue;
      const later = local(day.start, person.office, rng.int(11, 17), rng.int(0, 59));
      const own = { scopes: app.scopes, isAdmin: false, person, isKnown: true };
      const self = { person, place: deskOf(person) };
      for (const record of consent(company, rng, later, self, app, own)) emit(record);
    }
  } else if (life.means === "flow") {
    emit(flowChange(company, rng, at, owner, "CreateFlow", flowOf(life)));
  }
}

function editFlow(
  company: Company,
  life: Life,
  day: Day,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  if (!isWorkday(company, day.start) || !rng.chance(life.perDay)) return;
  const at = local(day.start, life.owner.office, rng.int(9, 17), rng.int(0, 59));
  if (life.owner.leftAt !== null && at > life.owner.leftAt) return;
  const operation = rng.chance(0.93) ? "EditFlow" : "PutPermissions";
  emit(flowChange(company, rng, at + rng.int(0, HOUR_MS / 2), life.owner, operation, flowOf(life)));
}

function flowOf(life: Life) {
  return {
    id: life.nativeId,
    name: life.name,
    connectors: life.connectors,
    place: deskOf(life.owner),
  };
}

/** Somewhere in the middle of a run, early enough that something follows. */
export function someDay(rng: Prng, days: readonly Day[]): number {
  return rng.int(2, Math.max(2, days.length - 3));
}

export function firstMoment(days: readonly Day[]): number {
  return days[0]?.start ?? 0;
}
