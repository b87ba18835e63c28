/** Work that comes seldom and then in heaps: mail merge, the end of the month, a review, a season, more scopes, another cloud. */

import { DAY_MS, HOUR_MS } from "#base/time.ts";
import { isWorkday, local } from "#simulator/company.ts";
import { elsewhere, machines, spelled } from "#simulator/google/apps.ts";
import { ownDoc } from "#simulator/google/documents.ts";
import { momentsOn, officeMoment } from "#simulator/google/habits.ts";
import { PARTNERS, pickStep } from "#simulator/google/member.ts";
import {
  apiCall,
  automation,
  type Beat,
  clickTime,
  consent,
  dayAt,
  daysFrom,
  hasScope,
  isAtWork,
  opening,
  placesOf,
  playOf,
  scene,
  takeMember,
  usersOf,
  usualOf,
} from "#simulator/google/play.ts";
import { accessed, mailed, sharedWith } from "#simulator/google/records.ts";
import type { Day, Scenario, Setting } from "#simulator/stage.ts";

/** The yearly letter to all customers goes out through the script that sends twenty mails in other weeks. */
const mailMerge: Scenario = {
  id: "google-mail-merge",
  title: "A mail-merge script sends hundreds of mails in half an hour",
  platform: "google",
  attackType: null,
  techniques: ["T35", "T73"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) => isAtWork(found) && found.behaviour === "mail-merge" && usersOf(found).length > 0,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const hosts = placesOf(member);
    const [who] = usersOf(member);
    if (who === undefined) return null;
    const day = dayAt(setting, opening(setting));
    const start = clickTime(who, day, rng);
    const beats: Beat[] = [
      apiCall(
        setting,
        { at: start, who, hosts },
        app,
        "sheets.spreadsheets.values.get",
        [40_000, 90_000],
      ),
    ];
    const mails = rng.int(120, 480);
    for (let i = 0; i < mails; i++) {
      const at = start + 4_000 + i * 5_000 + rng.int(0, 1_500);
      const act = { at, who, hosts };
      beats.push(apiCall(setting, act, app, "gmail.users.messages.send", [300, 900]), {
        at: at + 300,
        make: (draws) =>
          mailed(
            scene(setting, { ...act, at: at + 300 }, app, draws),
            `customer${draws.int(1, 5_000)}@${draws.pick(PARTNERS)}`,
            "Season's greetings",
            18_000,
          ),
      });
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/** The quarter is closed at night: the script reads every ledger, writes the reports and shares them with the auditors. */
const quarterClose: Scenario = {
  id: "google-quarter-close",
  title: "The finance script works through the night and shares with the auditors",
  platform: "google",
  attackType: null,
  techniques: ["T72", "T65", "T29"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) => found.behaviour === "finance-script" && usersOf(found).length > 0,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const hosts = placesOf(member);
    const [who] = usersOf(member);
    if (who === undefined) return null;
    const day = monthEnd(setting);
    const start = local(day.start, who.office, 20, 30);
    const beats: Beat[] = [];
    const steps = rng.int(90, 320);
    for (let i = 0; i < steps; i++) {
      const at = Math.floor(start + 3 * HOUR_MS * rng.next());
      const act = { at, who, hosts };
      const method = rng.pick([
        "sheets.spreadsheets.values.get",
        "sheets.spreadsheets.values.get",
        "sheets.spreadsheets.values.append",
      ]);
      beats.push(apiCall(setting, act, app, method, [3_000, 300_000]));
    }
    for (let i = 0; i < 14; i++) {
      const at = Math.floor(start + 3 * HOUR_MS + i * 20_000);
      const doc = ownDoc(who, 500 + i);
      beats.push(
        {
          at,
          make: (draws) => accessed(scene(setting, { at, who, hosts }, app, draws), "create", doc),
        },
        {
          at: at + 2_000,
          make: (draws) =>
            sharedWith(
              scene(setting, { at: at + 2_000, who, hosts }, app, draws),
              doc,
              "audit@oakline.example",
            ),
        },
      );
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/** The last day of work of a month, if the run sees one late enough. */
function monthEnd(setting: Setting): Day {
  const { days, company } = setting;
  const last = days.filter(
    ({ start, index }) =>
      index > days.length * 0.4 &&
      isWorkday(company, start) &&
      new Date(start).getUTCMonth() !== new Date(start + 4 * DAY_MS).getUTCMonth(),
  );
  return last.at(-1) ?? dayAt(setting, opening(setting, 0.5, 0.8));
}

/** Once a quarter the sync account lists everybody and every group, from the machines that it always runs on. */
const accessReview: Scenario = {
  id: "google-access-review",
  title: "An access review lists all users, groups and members",
  platform: "google",
  attackType: null,
  techniques: ["T68", "T29"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) && hasScope(found, /admin\.directory\.group/) && usersOf(found).length > 0,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const who = member.handle.owner;
    const day = dayAt(setting, opening(setting));
    const start = clickTime(who, day, rng);
    const beats = Array.from({ length: rng.int(100, 380) }, (_, index): Beat => {
      const at = start + index * 2_500 + rng.int(0, 1_800);
      const method = rng.pick([
        "directory.members.list",
        "directory.members.list",
        "directory.groups.list",
        "directory.users.list",
      ]);
      return apiCall(setting, { at, who, hosts: placesOf(member) }, app, method, [900, 120_000]);
    });
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/** A tool for the yearly benefits enrolment has slept for months; for a week people use it again, as they did last year. */
const seasonalApp: Scenario = {
  id: "google-seasonal-app",
  title: "An app that is used once a year wakes up for its week",
  platform: "google",
  attackType: null,
  techniques: ["T18"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        found.behaviour === "dormant" &&
        found.traits.approval === null &&
        usersOf(found).length > 0,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const places = placesOf(member);
    const people = usersOf(member);
    const beats: Beat[] = [];
    for (const on of daysFrom(setting, dayAt(setting, opening(setting)), 5)) {
      for (const who of people) {
        for (let i = 0; i < rng.int(1, 6); i++) {
          const act = { at: officeMoment(who.office, on.start, rng), who, hosts: places };
          beats.push(
            apiCall(setting, act, app, pickStep(member.traits.steps, rng).method, [900, 90_000]),
          );
        }
      }
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/** A new version wants to write to a calendar and to make files of its own; its people allow it within a few days. */
const harmlessScopes: Scenario = {
  id: "google-more-harmless-scopes",
  title: "A known app asks its people for a few harmless scopes more",
  platform: "google",
  attackType: null,
  techniques: ["T15", "T04"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.kind === "oauth_app" &&
        usersOf(found).length >= 3 &&
        usersOf(found).length <= 60,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const scopes = [
      ...new Set([...app.scopes, ...["calendar.readonly", "drive.file"].map(spelled)]),
    ];
    const days = daysFrom(setting, dayAt(setting, opening(setting)), 5);
    const beats = usersOf(member).map((who) =>
      consent(setting, clickTime(who, rng.pick(days), rng), who, app, scopes),
    );
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/** The vendor moves to another cloud; for weeks both run side by side, and calls come from the new one as well. */
const vendorMoves: Scenario = {
  id: "google-vendor-moves-cloud",
  title: "A vendor moves to another cloud, and its app calls from new networks",
  platform: "google",
  attackType: null,
  techniques: ["T24", "T27"],
  stage(setting) {
    const { company, rng, days } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.kind === "oauth_app" &&
        found.traits.app.clientType === "WEB" &&
        found.traits.habits.moveDay === null &&
        usualOf(found) >= 2 &&
        usualOf(found) <= 120 &&
        usersOf(found).length >= 2,
    );
    if (member === null) return null;
    const { traits } = member;
    const people = usersOf(member);
    const places = machines(`${setting.id} next cloud`, "oauth_app", 3);
    const day = dayAt(setting, opening(setting, 0.4, 0.6));
    const beats: Beat[] = [];
    for (const on of days.slice(day.index)) {
      for (const at of momentsOn(traits.habits, company, on, rng)) {
        // The old machines go on; the new ones try themselves on a part of the work.
        if (!rng.chance(0.25)) continue;
        const { method, bytes = [400, 4_000] } = pickStep(traits.steps, rng);
        const act = { at, who: rng.pick(people), hosts: places };
        beats.push(apiCall(setting, act, traits.app, method, bytes));
      }
    }
    return playOf(setting, beats, { subjects: [automation(traits.app)] });
  },
};

/** She works from a hotel eight hours away for a week, at the hours of that hosts; her phone's mail app travels with her. */
const traveller: Scenario = {
  id: "google-app-travels",
  title: "A person's mail app travels with her to another time zone",
  platform: "google",
  attackType: null,
  techniques: ["T24", "T72"],
  stage(setting) {
    const { rng, company } = setting;
    const member = takeMember(
      setting,
      (found) => isAtWork(found) && found.behaviour === "mail-client" && usersOf(found).length > 0,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const [who] = usersOf(member);
    if (who === undefined) return null;
    const hotel = [{ ...elsewhere(`${setting.id} hotel`), asn: 4713, country: "JP" }];
    const there = { ...who.office, zone: 9 };
    const days = setting.days
      .slice(dayAt(setting, opening(setting, 0.4, 0.6)).index)
      .filter(({ start }) => isWorkday(company, start))
      .slice(0, 5);
    const beats = days.flatMap((on) =>
      Array.from({ length: rng.int(6, 18) }, () => {
        const act = { at: officeMoment(there, on.start, rng), who, hosts: hotel };
        const method = rng.pick(["gmail.users.history.list", "gmail.users.messages.get"]);
        return apiCall(setting, act, app, method, [600, 60_000]);
      }),
    );
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

export const seasons: readonly Scenario[] = [
  mailMerge,
  quarterClose,
  accessReview,
  seasonalApp,
  harmlessScopes,
  vendorMoves,
  traveller,
];
