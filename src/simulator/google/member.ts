/** One everyday automation at its daily work: consents of its people, then its steps at its own hours. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS } from "#base/time.ts";
import type { Company, Person } from "#simulator/company.ts";
import type { CastMember, Day, Emission, Fields } from "#simulator/stage.ts";
import { type App, device, nativeId, type Place } from "./apps.ts";
import { anyDoc, type Doc, namedDoc, ownDoc } from "./documents.ts";
import { type Habits, momentsOn, officeMoment } from "./habits.ts";
import {
  accessed,
  administered,
  authorized,
  called,
  chatted,
  delegated,
  type Failure,
  fetched,
  installed,
  keyChanged,
  mailed,
  planned,
  type Scene,
  sharedWith,
  trusted,
} from "./records.ts";
import type { Step, Trade } from "./trades.ts";

/** One person's leave for one application; those from before the run are only in the lists. */
export interface Grant {
  readonly person: Person;
  /** Null when it lies before the run. */
  readonly at: number | null;
  readonly revokedAt: number | null;
}

/** How an administrator let it in during the run: into the Marketplace, the trusted apps, or by delegation. */
export type Approval = {
  readonly how: "install" | "trust" | "delegate";
  readonly at: number;
  readonly by: Person;
};

export interface Traits {
  readonly company: Company;
  readonly app: App;
  readonly trade: Trade;
  /** What of its trade its scopes allow. */
  readonly steps: readonly Step[];
  readonly habits: Habits;
  /** In the order in which they came. */
  readonly grants: readonly Grant[];
  readonly approval: Approval | null;
  /** Index of the day on which its owner gives it a new key. */
  readonly keyDay: number | null;
  /** Its machines, and those that it moves to. */
  readonly places: readonly Place[];
  readonly nextPlaces: readonly Place[];
}

/** What a scenario may know of an everyday automation of this platform. */
export interface GoogleMember extends CastMember {
  readonly traits: Traits;
}

export function isGoogleMember(member: CastMember): member is GoogleMember {
  return member.platform === "google" && "traits" in member;
}

export function createMember(id: string, owner: Person, traits: Traits): GoogleMember {
  const { app, trade, places } = traits;
  return {
    id,
    platform: "google",
    nativeId: nativeId(app),
    name: app.name,
    behaviour: trade.id,
    handle: {
      kind: app.kind,
      vendor: app.kind === "oauth_app" ? app.name : null,
      scopes: app.scopes,
      owner,
      ips: places.map(({ ip }) => ip),
      userAgent: "",
      ids: { clientId: app.clientId, project: app.project },
    },
    traits,
    act: (day, rng, emit) => act(traits, owner, day, rng, emit),
  };
}

function act(
  traits: Traits,
  owner: Person,
  day: Day,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  const { approval, habits } = traits;
  const end = day.start + DAY_MS;
  if (approval !== null && approval.at >= day.start && approval.at < end) {
    emit(approved(traits, approval, rng));
  }
  if (traits.keyDay === day.index) rotatesKey(traits, owner, day, rng, emit);
  for (const grant of traits.grants) consents(traits, grant, day, rng, emit);
  // It begins on the morning after it was let in.
  if (approval !== null && approval.at >= day.start) return;
  const granted = activeGrants(traits.grants, day.start);
  if (granted.length === 0) return;
  const places =
    habits.moveDay !== null && day.index >= habits.moveDay ? traits.nextPlaces : traits.places;
  const isDown = habits.outageDay === day.index;
  if (isDown && isItself(traits)) return;
  for (const at of momentsOn(habits, traits.company, day, rng)) {
    const who = rng.pick(granted).person;
    if (who.leftAt !== null && who.leftAt <= at) continue;
    // What runs on people's own devices is wherever they are.
    const place = traits.app.clientType === "WEB" ? rng.pick(places) : device(who, rng);
    const step = pickStep(traits.steps, rng);
    if (isDown) emit(broken(traits, step, at, who, place, rng));
    else leave(traits, step, at, who, place, rng, emit);
  }
}

/** On the day of an outage a few calls are tried, and fail. */
function broken(
  { company, app }: Traits,
  { method }: Step,
  at: number,
  who: Person,
  place: Place,
  rng: Prng,
): Emission {
  return called({ company, at, who, place, via: app, rng }, method, 0, rng.chance(0.8) ? 503 : 401);
}

function approved({ company, app }: Traits, { how, at, by }: Approval, rng: Prng): Emission {
  const scene = { company, at, who: by, rng };
  if (how === "delegate") return delegated(scene, app, app.scopes);
  return how === "install" ? installed(scene, app) : trusted(scene, app);
}

/** A new key, and some minutes later the old one goes. */
function rotatesKey(
  { company, app }: Traits,
  owner: Person,
  day: Day,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  const at = officeMoment(owner.office, day.start, rng);
  const later = at + rng.int(3, 40) * 60_000;
  emit(keyChanged({ company, at, who: owner, rng }, app, "CreateServiceAccountKey"));
  emit(keyChanged({ company, at: later, who: owner, rng }, app, "DeleteServiceAccountKey"));
}

function consents(
  { company, app }: Traits,
  { person, at, revokedAt }: Grant,
  day: Day,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  const end = day.start + DAY_MS;
  if (at !== null && at >= day.start && at < end) {
    emit(authorized({ company, at, who: person, via: app, rng }));
  }
  if (revokedAt !== null && revokedAt >= day.start && revokedAt < end) {
    const scene = { company, at: revokedAt, who: person, via: app, rng };
    emit(authorized(scene, app.scopes, "revoke"));
  }
}

/** Those who let it in before the day began and have not thrown it out since. */
function activeGrants(grants: readonly Grant[], dayStart: number): readonly Grant[] {
  if (grants.every(({ at, revokedAt }) => at === null && revokedAt === null)) return grants;
  return grants.filter(
    ({ at, revokedAt }) =>
      (at === null || at < dayStart) && (revokedAt === null || revokedAt >= dayStart + DAY_MS),
  );
}

export function pickStep(steps: readonly Step[], rng: Prng): Step {
  let total = 0;
  for (const step of steps) total += step.weight;
  let left = total * rng.next();
  for (const step of steps) {
    left -= step.weight;
    if (left < 0) return step;
  }
  return rng.pick(steps);
}

/** What one step of its work leaves in the logs. */
export function leave(
  traits: Traits,
  step: Step,
  at: number,
  who: Person,
  place: Place,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  const { company, app, habits } = traits;
  const isAlone = isItself(traits);
  const scene = { company, at, who: isAlone ? itself(app, who) : who, place, via: app, rng };
  const later = { ...scene, at: at + rng.int(40, 900) };
  const failure = rng.chance(habits.failing) ? failureOf(rng) : null;
  const [min, max] = step.bytes ?? [300, 3_000];
  // Sizes lean to the small end.
  const bytes = Math.floor(min + (max - min) * rng.next() ** 3);
  // An account that acts as itself is its own actor, and its calls are in no token log of the tenant; nor are requests
  // of a script to the web.
  const isLogged = !isAlone && step.does !== "fetch";
  if (isLogged) emit(called(scene, step.method, bytes, failure));
  if (failure !== null) {
    if (failure === 429 && isLogged) {
      emit(called({ ...scene, at: at + rng.int(1_000, 9_000) }, step.method, bytes));
    }
    return;
  }
  switch (step.does) {
    case "file":
      if (step.access !== undefined)
        emit(accessed(acting(later), step.access, docOf(traits, who, rng)));
      break;
    case "share":
      emit(sharedWith(acting(later), ownDoc(who, rng.int(0, 60)), recipient(company, step, rng)));
      break;
    case "calendar":
      emit(planned(later, rng.chance(0.7) ? "create_event" : "change_event", rng.pick(MEETINGS)));
      break;
    case "mail":
      emit(
        mailed(
          later,
          recipient(company, { ...step, outside: 0.5 }, rng),
          rng.pick(SUBJECTS),
          rng.int(3_000, 40_000),
        ),
      );
      break;
    case "fetch":
      emit(fetched(later, sheetOf(app, who), `https://api.${rng.pick(PARTNERS)}/v1/rows`));
      break;
    case "directory":
      emit(directoryChange(later));
      break;
    case "chat":
      emit(chatted(acting(scene), `AAAA${app.project.slice(0, 7)}`));
      break;
    default:
  }
}

/** A service account that acts in its own name has no other application behind it. */
function acting<S extends Scene & { via: App }>(scene: S): Scene {
  return scene.who.email === scene.via.email ? { ...scene, via: null } : scene;
}

/** Whether it acts in its own name. */
function isItself({ trade }: Traits): boolean {
  return trade.reach[0] === "self";
}

function itself(app: App, owner: Person): Person {
  return { ...owner, email: app.email ?? app.clientId, googleId: app.clientId, name: app.name };
}

const FAILURES: readonly Failure[] = [429, 429, 404, 404, 403, 500, 503, 401];

function failureOf(rng: Prng): Failure {
  return rng.pick(FAILURES);
}

function docOf({ trade }: Traits, who: Person, rng: Prng): Doc {
  // Backups and scanners walk through everything; the others touch what their people have in hand.
  return trade.rhythm[0] === "night" ? ownDoc(who, rng.int(0, 599)) : anyDoc(rng, who);
}

/** The spreadsheet to which a script is bound; the log names the script beside it. */
export function sheetOf(app: App, owner: Person): Doc {
  return namedDoc(`script ${app.clientId}`, app.name, "spreadsheet", owner.email);
}

export function recipient(
  company: Company,
  { outside = 0 }: Pick<Step, "outside">,
  rng: Prng,
): string {
  if (!rng.chance(outside)) return rng.pick(company.people).email;
  return `${rng.pick(CONTACTS)}@${rng.pick(PARTNERS)}`;
}

const CONTACTS = ["accounts", "jo", "m.keller", "anna", "orders", "sam.lee", "office", "legal"];

/** Companies that ours works with. */
export const PARTNERS: readonly string[] = [
  "brightpath.example",
  "northlight.example",
  "kestrel-parts.example",
  "oakline.example",
  "tarn-logistics.example",
  "velora.example",
];

const MEETINGS = ["Weekly sync", "1:1", "Planning", "Demo", "Interview", "Customer call"];
const SUBJECTS = ["Your invoice", "Reminder", "Follow-up", "Newsletter", "Order update", "Hello"];

/** People come, go and change teams. */
function directoryChange(scene: Scene): Emission {
  const { company, rng } = scene;
  const person = rng.pick(company.people);
  const values = { USER_EMAIL: person.email };
  const draw = rng.next();
  if (draw < 0.1) {
    return administered(scene, "USER_SETTINGS", rng.pick(["CREATE_USER", "SUSPEND_USER"]), values);
  }
  if (draw < 0.5) {
    return administered(scene, "USER_SETTINGS", "CHANGE_USER_ORGANIZATION", {
      ...values,
      ORG_UNIT_NAME: `/${person.team}`,
    });
  }
  return administered(
    scene,
    "GROUP_SETTINGS",
    rng.chance(0.7) ? "ADD_GROUP_MEMBER" : "REMOVE_GROUP_MEMBER",
    { ...values, GROUP_EMAIL: `${person.team}@${company.domain}` },
  );
}

/** The rows of `tokens.list` that hold at the end of the run. Delegation is in no list. */
export function tokenRows(traits: Traits, end: number): Fields[] {
  if (traits.app.kind === "service_account") return [];
  return traits.grants
    .filter(
      ({ at, revokedAt }) => (at === null || at < end) && (revokedAt === null || revokedAt >= end),
    )
    .map(({ person }) => tokenRow(traits.app, person));
}

export function tokenRow(app: App, person: Person): Fields {
  return {
    kind: "admin#directory#token",
    etag: `"${person.googleId.slice(-6)}/${app.project}"`,
    clientId: app.clientId,
    displayText: app.name,
    anonymous: false,
    nativeApp: app.clientType !== "WEB",
    userKey: person.googleId,
    scopes: app.scopes,
  };
}
