/** What people leave in Slack's audit log: sign-ins, files, channels, and now and then an administrator's work. */

import { hash32 } from "#base/hash.ts";
import type { Prng } from "#base/prng.ts";
import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { type Company, freshId, officeMoments, type Person } from "#simulator/company.ts";
import type { Day, Fields, Performer } from "#simulator/stage.ts";
import { guestsOf } from "./guests.ts";
import { type Emit, newFile } from "./member.ts";
import { type Places, placesOf } from "./places.ts";
import { entry, type Origin, personActor } from "./records.ts";

/** Records that people leave on a workday: some live in Slack and others hardly look at it. */
const MEANS = [1.5, 3, 4, 5, 5, 6, 8, 14] as const;

export function peopleOf(company: Company): Performer[] {
  const places = placesOf(company);
  return [...company.people, ...guestsOf(company)].map((person) => {
    const life: Life = {
      places,
      person,
      by: personActor(person, places),
      mean: MEANS[hash32(person.email, 5) % MEANS.length] ?? 5,
    };
    return {
      id: `slack person ${person.index}`,
      act: (day, rng, emit) => act(life, day, rng, emit),
    };
  });
}

interface Life {
  readonly places: Places;
  readonly person: Person;
  readonly by: Fields;
  readonly mean: number;
}

type Habit = readonly [weight: number, action: string, entity: (life: Life, rng: Prng) => Fields];

const HABITS: readonly Habit[] = [
  [26, "file_downloaded", aFile],
  [24, "file_uploaded", (_, rng) => newFile(rng)],
  [10, "file_shared", aFile],
  [12, "user_channel_join", aChannel],
  [6, "user_channel_leave", aChannel],
  [8, "canvas_edited", aCanvas],
  [8, "canvas_opened", aCanvas],
  [4, "public_channel_preview", aChannel],
  [2, "private_message_forwarded", aChannel],
  [1.5, "public_channel_created", aChannel],
  [1, "private_channel_created", aChannel],
  [1, "file_deleted", aFile],
  [0.6, "file_public_link_created", aFile],
  [0.5, "slack_ai_summary_requested", aChannel],
  [0.3, "external_shared_channel_invite_sent", aChannel],
];
const HABITS_WEIGHT = HABITS.reduce((sum, [weight]) => sum + weight, 0);

/** What IT does on some days, each by itself harmless. */
const ADMIN_HABITS: readonly Habit[] = [
  [10, "user_created", aPerson],
  [8, "guest_created", aPerson],
  [5, "user_deactivated", aPerson],
  [6, "user_added_to_usergroup", aPerson],
  [3, "user_session_reset_by_admin", aPerson],
  [2, "role_assigned", aRole],
  [1, "role_change_to_admin", aPerson],
  [2, "app_restricted", unknownApp],
  [2, "pref.who_can_manage_guests", theWorkspace],
  [2, "pref.allow_huddles", theWorkspace],
  [1, "pref.public_channel_retention_changed", theWorkspace],
  [2, "audit_logs_records_searched", theWorkspace],
  [1, "external_shared_channel_connected", aChannel],
  [1, "external_shared_channel_invite_approved", aChannel],
];
const ADMIN_WEIGHT = ADMIN_HABITS.reduce((sum, [weight]) => sum + weight, 0);

function act(life: Life, day: Day, rng: Prng, emit: Emit): void {
  const { places, person, mean } = life;
  const moments = officeMoments(places.company, person, day.start, mean, rng);
  const [first] = moments;
  if (first === undefined) return;
  const from = originToday(person, day, rng);
  const leave = (at: number, action: string, entity: Fields, details?: Fields) =>
    emit(
      entry(places, rng, {
        at,
        action,
        by: life.by,
        entity,
        from,
        ...(details === undefined ? {} : { details }),
      }),
    );
  signIn(life, first, rng, leave);
  for (const at of moments) {
    const [, action, entity] = pick(HABITS, HABITS_WEIGHT, rng);
    leave(at, action, entity(life, rng));
    // Whoever cleans up or hands over does the same thing many times in a row.
    if (rng.chance(0.002)) again(life, at, action, entity, rng, leave);
  }
  if (person.isAdmin && rng.chance(0.5)) {
    const [, action, entity] = pick(ADMIN_HABITS, ADMIN_WEIGHT, rng);
    leave(first + rng.int(5, 300) * MINUTE_MS, action, entity(life, rng));
  }
  if (person.isAdmin && rng.chance(0.008)) lawfulExport(life, first + HOUR_MS, rng, leave);
}

type Leave = (at: number, action: string, entity: Fields, details?: Fields) => void;

function signIn(life: Life, first: number, rng: Prng, leave: Leave): void {
  const { places, person } = life;
  const self = personActor(person, places);
  if (!rng.chance(0.45)) return;
  const at = first - rng.int(5, 120) * 1_000;
  if (rng.chance(0.05)) leave(at - 20_000, "user_login_failed", self);
  leave(at, "user_login", self);
  // Slack itself remarks on new addresses, mostly on people at home or on a train.
  if (rng.chance(0.015)) {
    leave(at + 30_000, "anomaly", self, {
      action_timestamp: (at + 30_000) * 1_000,
      location: person.office.city,
      previous_ip_address: person.ip,
      previous_ua: person.userAgent,
      reason: rng.pick([["ip_address"], ["asn", "ip_address"], ["session_fingerprint"]]),
    });
  }
}

function again(
  life: Life,
  at: number,
  action: string,
  entity: Habit[2],
  rng: Prng,
  leave: Leave,
): void {
  const count = rng.int(8, 60);
  let moment = at;
  for (let i = 0; i < count; i++) {
    moment += rng.int(1_500, 14_000);
    leave(moment, action, entity(life, rng));
  }
}

/** Legal asks IT for one person's messages: started, done an hour later, downloaded. */
function lawfulExport(life: Life, at: number, rng: Prng, leave: Leave): void {
  const { places } = life;
  const details = {
    export_type: "manual_user_export",
    user: rng.pick(places.company.people).slackId,
  };
  leave(at, "manual_user_export_started", places.workspace, details);
  leave(
    at + rng.int(10, 50) * MINUTE_MS,
    "manual_user_export_completed",
    places.workspace,
    details,
  );
  leave(
    at + rng.int(60, 150) * MINUTE_MS,
    "manual_user_export_downloaded",
    places.workspace,
    details,
  );
}

/** At the office mostly, at home or on the phone on other days. */
function originToday(person: Person, day: Day, rng: Prng): Origin {
  const session = 4_100_000_000 + person.index * 64 + (day.index >> 3);
  if (rng.chance(0.75)) return { ip: person.ip, userAgent: person.userAgent, session };
  const home = `198.18.${100 + (person.index % 100)}.${2 + (hash32(person.email) % 250)}`;
  if (rng.chance(0.7)) return { ip: home, userAgent: person.userAgent, session };
  const phone = "com.tinyspeck.chatlyio/26.04.10 (iPhone; iOS 18.4; Scale/3.00)";
  return {
    ip: `198.18.${210 + rng.int(0, 3)}.${rng.int(2, 250)}`,
    userAgent: phone,
    session: session + 1,
  };
}

function pick(habits: readonly Habit[], weight: number, rng: Prng): Habit {
  let left = weight * rng.next();
  for (const habit of habits) {
    left -= habit[0];
    if (left < 0) return habit;
  }
  return rng.pick(habits);
}

/** People touch what their team has in hand. */
function aFile({ places: { files, workspace }, person }: Life, rng: Prng): Fields {
  return files[(person.index * 7 + rng.int(0, 60)) % files.length] ?? workspace;
}

function aChannel({ places: { channels, workspace }, person }: Life, rng: Prng): Fields {
  return channels[(person.index * 3 + rng.int(0, 30)) % channels.length] ?? workspace;
}

function aCanvas({ person }: Life, rng: Prng): Fields {
  const id = `F0CANVAS${person.index % 97}${rng.int(0, 9)}`;
  return { type: "canvas", canvas: { id, filename: "Canvas", title: "Notes", filetype: "quip" } };
}

function aPerson({ places }: Life, rng: Prng): Fields {
  return personActor(rng.pick(places.company.people), places);
}

function aRole(_: Life, rng: Prng): Fields {
  const name = rng.pick(["Channel Manager", "User Manager", "Message Activity Manager"]);
  return { type: "role", role: { id: `Rl0${name.charCodeAt(0)}`, name, type: "0" } };
}

function theWorkspace({ places }: Life): Fields {
  return places.workspace;
}

/** Somebody asked for it and IT said no. */
function unknownApp(_: Life, rng: Prng): Fields {
  const app = {
    id: `A0${freshId(rng, 9)}`,
    name: rng.pick(["Meme Maker", "Auto Poster", "Lunch Picker", "Emoji Pack"]),
    is_distributed: true,
    is_directory_approved: false,
    is_workflow_app: false,
    scopes: ["chat:write", "users:read"],
  };
  return { type: "app", app };
}
