/** Applications that IT brings in: backup, scanner, migration, note taker, assistant. Much of everything, and all of it wanted. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { local, type Office, type Person } from "#simulator/company.ts";
import { type App, machines, nativeId } from "#simulator/google/apps.ts";
import { ownDoc } from "#simulator/google/documents.ts";
import { officeMoment } from "#simulator/google/habits.ts";
import {
  anyAdmin,
  apiCall,
  automation,
  type Beat,
  clickTime,
  colleagues,
  consent,
  dayAt,
  listed,
  newApp,
  opening,
  plausible,
  playOf,
  scene,
} from "#simulator/google/play.ts";
import {
  type Access,
  accessed,
  administered,
  delegated,
  givenAway,
  installed,
  trusted,
} from "#simulator/google/records.ts";
import type { Day, Scenario, Setting } from "#simulator/stage.ts";

/** An administrator trusts an application and puts it on the domain, at her desk, one morning. */
function rollsOut(setting: Setting, app: App, by: Person, at: number): Beat[] {
  const later = at + 4 * MINUTE_MS;
  return [
    { at, make: (rng) => trusted(scene(setting, { at, who: by }, null, rng), app) },
    { at: later, make: (rng) => installed(scene(setting, { at: later, who: by }, null, rng), app) },
  ];
}

function delegates(setting: Setting, app: App, by: Person, at: number): Beat {
  return {
    at,
    make: (rng) => delegated(scene(setting, { at, who: by }, null, rng), app, app.scopes),
  };
}

/** One file of a person, through the application: the call and the record. */
function touches(
  setting: Setting,
  app: App,
  at: number,
  who: Person,
  access: Access,
  index: number,
): Beat[] {
  const hosts = machines(nativeId(app), app.kind, 1);
  const act = { at, who, hosts };
  const later = { ...act, at: at + 140 };
  const doc = ownDoc(who, index % 600);
  return [
    access === "copy"
      ? apiCall(setting, act, app, "drive.files.copy", [600, 2_000])
      : apiCall(setting, act, app, "drive.files.get", [20_000, 3_000_000]),
    {
      at: later.at,
      make: (rng) => accessed(scene(setting, later, app, rng), access, doc),
    },
  ];
}

/** Moments of a nightly run. */
function nightly(day: Day, office: Office, hour: number, count: number, rng: Prng): number[] {
  const start = local(day.start, office, hour) + 5 * MINUTE_MS * rng.next();
  return Array.from({ length: count }, () => Math.floor(start + 2.5 * HOUR_MS * rng.next()));
}

function daysAfter(setting: Setting, day: Day, skip = 1): Day[] {
  return setting.days.slice(day.index + skip);
}

/** The first nights a backup copies everything; later only what has changed. */
const backupBegins: Scenario = {
  id: "google-backup-begins",
  title: "A backup that IT bought copies everything in its first nights",
  platform: "google",
  attackType: null,
  techniques: ["T28", "T09"],
  stage(setting) {
    const { rng } = setting;
    const by = anyAdmin(setting);
    const app = newApp(setting, plausible(setting, "Backup", "Vault"), {
      scopes: ["drive.readonly"],
    });
    const people = colleagues(setting, rng.int(4, 25));
    const day = dayAt(setting, opening(setting, 0.35, 0.6));
    const at = clickTime(by, day, rng);
    const consents = people.map((who) =>
      consent(setting, at + Math.floor((5 + 50 * rng.next()) * MINUTE_MS), who, app),
    );
    const full = rng.int(90, 400);
    let index = 0;
    const nights = daysAfter(setting, day).flatMap((night, nth) =>
      nightly(night, by.office, 1, nth < 3 ? full : 25, rng).flatMap((when) =>
        touches(setting, app, when, rng.pick(people), "download", index++),
      ),
    );
    return playOf(setting, [...rollsOut(setting, app, by, at), ...consents, ...nights], {
      subjects: [automation(app)],
      newcomers: [app],
      state: listed(app, people),
    });
  },
};

/** A scanner looks into each file once, for everybody, by delegation; afterwards it sees only what changes. */
const dlpRollout: Scenario = {
  id: "google-dlp-rollout",
  title: "A DLP scanner is delegated and reads every file once",
  platform: "google",
  attackType: null,
  techniques: ["T39", "T40", "T28"],
  stage(setting) {
    const { rng, company } = setting;
    const by = anyAdmin(setting);
    const app = newApp(setting, plausible(setting, "DLP Scanner", "Data Guard"), {
      kind: "service_account",
      isOwn: true,
      scopes: ["drive.readonly"],
    });
    const day = dayAt(setting, opening(setting, 0.3, 0.6));
    const at = clickTime(by, day, rng);
    const full = rng.int(120, 500);
    let index = 0;
    const scans = daysAfter(setting, day).flatMap((on, nth) =>
      Array.from({ length: nth < 4 ? full : 40 }, () => on.start + rng.int(0, DAY_MS - 1)).flatMap(
        (when) => touches(setting, app, when, rng.pick(company.people), "view", index++),
      ),
    );
    return playOf(setting, [delegates(setting, app, by, at), ...scans], {
      subjects: [automation(app)],
      newcomers: [app],
      state: listed(app, []),
    });
  },
};

/** A week of evenings in which a bought company's files move in: copies, new owners, and at the end the rights are taken back. */
const migrationWeek: Scenario = {
  id: "google-migration-week",
  title: "A migration tool moves files for a week and is then removed",
  platform: "google",
  attackType: null,
  techniques: ["T39", "T66", "T28"],
  stage(setting) {
    const { rng, company } = setting;
    const by = anyAdmin(setting);
    const app = newApp(setting, plausible(setting, "Drive Mover", "Migrator"), {
      kind: "service_account",
      scopes: ["drive", "admin.directory.user.readonly"],
    });
    const day = dayAt(setting, opening(setting, 0.3, 0.6));
    const at = clickTime(by, day, rng);
    const week = daysAfter(setting, day).slice(0, 6);
    const hosts = machines(nativeId(app), app.kind, 1);
    const perEvening = rng.int(80, 320);
    let index = 0;
    const moves = week.flatMap((evening) =>
      nightly(evening, by.office, 19, perEvening, rng).flatMap((when): Beat[] => {
        const who = rng.pick(company.people);
        const doc = ownDoc(who, index % 600);
        const heir = rng.pick(company.people).email;
        const copies = touches(setting, app, when, who, "copy", index++);
        if (index % 4 > 0) return copies;
        const act = { at: when + 900, who, hosts };
        return [
          ...copies,
          { at: act.at, make: (draws) => givenAway(scene(setting, act, app, draws), doc, heir) },
        ];
      }),
    );
    const removed = (week.at(-1)?.start ?? day.start) + 34 * HOUR_MS;
    return playOf(
      setting,
      [
        delegates(setting, app, by, at),
        ...moves,
        {
          at: removed,
          make: (draws) =>
            administered(
              scene(setting, { at: removed, who: by }, null, draws),
              "DOMAIN_SETTINGS",
              "REMOVE_API_CLIENT_ACCESS",
              { DOMAIN_NAME: company.domain, API_CLIENT_NAME: app.clientId },
            ),
        },
      ],
      { subjects: [automation(app)], newcomers: [app] },
    );
  },
};

/** Announced on Monday, used by fifty on Friday: consents grow as those of a campaign do. */
const notetakerAdopted: Scenario = {
  id: "google-notetaker-adopted",
  title: "A note taker that IT approved is adopted by dozens of people within days",
  platform: "google",
  attackType: null,
  techniques: ["T64", "T04", "T63"],
  stage: (setting) =>
    adopted(setting, {
      name: plausible(setting, "Meeting Notes AI", "AI Recap"),
      scopes: ["calendar.events.readonly", "contacts.other.readonly"],
      method: "calendar.events.list",
      people: setting.rng.int(15, 60),
      perDay: 4,
    }),
};

/** The company buys an AI assistant; people ask it about their files all day. */
const assistantBought: Scenario = {
  id: "google-assistant-bought",
  title: "An AI assistant that the company bought reads the files that people ask it about",
  platform: "google",
  attackType: null,
  techniques: ["T59", "T63", "T04"],
  stage: (setting) =>
    adopted(setting, {
      name: plausible(setting, "AI Assistant", "DocChat"),
      scopes: ["drive.readonly"],
      method: "drive.files.get",
      people: setting.rng.int(10, 40),
      perDay: 7,
    }),
};

interface Adoption {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly method: string;
  readonly people: number;
  readonly perDay: number;
}

function adopted(setting: Setting, { name, scopes, method, people, perDay }: Adoption) {
  const { rng } = setting;
  const by = anyAdmin(setting);
  const app = newApp(setting, name, { scopes });
  const day = dayAt(setting, opening(setting, 0.3, 0.6));
  const at = clickTime(by, day, rng);
  const hosts = machines(nativeId(app), app.kind, 1);
  const beats = rollsOut(setting, app, by, at);
  const users: Person[] = [];
  for (const who of colleagues(setting, people)) {
    // Half of them on the first two days, the others little by little.
    const on = dayAt(
      setting,
      (day.index + 1 + Math.floor(6 * rng.next() ** 2)) / setting.days.length,
    );
    const clicked = clickTime(who, on, rng);
    if (clicked < at) continue;
    users.push(who);
    beats.push(consent(setting, clicked, who, app));
    for (const later of daysAfter(setting, on)) {
      for (let i = 0; i < rng.int(0, 2 * perDay); i++) {
        const act = { at: officeMoment(who.office, later.start, rng), who, hosts };
        if (act.at > clicked) beats.push(apiCall(setting, act, app, method, [2_000, 200_000]));
      }
    }
  }
  return playOf(setting, beats, {
    subjects: [automation(app)],
    newcomers: [app],
    state: listed(app, users),
  });
}

export const rollouts: readonly Scenario[] = [
  backupBegins,
  dlpRollout,
  migrationWeek,
  notetakerAdopted,
  assistantBought,
];
