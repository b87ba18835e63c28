/** Keys of an application that was trusted for years fall into other hands: its vendor's, an old one's, a service account's. */

import { HOUR_MS } from "#base/time.ts";
import { officeMoment } from "#simulator/google/habits.ts";
import {
  adminPlace,
  apiCall,
  automation,
  type Beat,
  clickTime,
  dayAt,
  daysFrom,
  dial,
  dialWhole,
  hasScope,
  hideout,
  isAtWork,
  isCareful,
  moments,
  opening,
  playOf,
  refusedCall,
  scene,
  takeMember,
  usersOf,
  usualOf,
} from "#simulator/google/play.ts";
import { isAllowed } from "#simulator/google/reach.ts";
import { keyChanged, mailed } from "#simulator/google/records.ts";
import type { Scenario } from "#simulator/stage.ts";
import { filesAt, lootPerDay, takesFiles, takesMail } from "./loot.ts";

const READS_FILES = /\/drive(\.readonly)?$/;
const READS_MAIL = /mail\.google\.com|gmail\.(readonly|modify)/;

/**
 * The vendor is broken into, and with its refresh tokens all of its customers' data. To the tenant it is the same
 * application with the same consents; what changes is where it calls from, how much it reads, and from how many at once.
 */
const vendorCompromise: Scenario = {
  id: "google-vendor-compromise",
  title: "Stolen tokens of a vendor's app read the data of everybody who uses it",
  platform: "google",
  attackType: "data_exfiltration",
  techniques: ["T27", "T24", "T29"],
  stage(setting) {
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.kind === "oauth_app" &&
        usersOf(found).length >= 3 &&
        (hasScope(found, READS_FILES) || hasScope(found, READS_MAIL)),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const heist = {
      app,
      from: dayAt(setting, opening(setting), setting.stealth >= 0.5),
      victims: usersOf(member),
      hosts: hideout(setting, member),
      usual: usualOf(member),
      scale: 1.5,
    };
    const beats = hasScope(member, READS_FILES)
      ? takesFiles(setting, heist)
      : takesMail(setting, heist);
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/**
 * An application that nobody has used for months still holds its consents. Somebody bought the expired domain, or found the
 * old server. It wakes up.
 */
const dormantRevived: Scenario = {
  id: "google-dormant-revived",
  title: "An app that was forgotten with broad rights wakes up and reads",
  platform: "google",
  attackType: "credential_theft",
  techniques: ["T18", "T24", "T28"],
  stage(setting) {
    const member = takeMember(
      setting,
      (found) =>
        found.behaviour === "dormant" &&
        found.traits.approval === null &&
        usersOf(found).length > 0,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const heist = {
      app,
      from: dayAt(setting, opening(setting, 0.55, 0.75), setting.stealth >= 0.5),
      victims: usersOf(member),
      hosts: hideout(setting, member),
      usual: 0,
      scale: 0.7,
    };
    const beats = hasScope(member, READS_MAIL)
      ? takesMail(setting, heist)
      : takesFiles(setting, heist);
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/**
 * A key file of a delegated service account lies in a repository. With it somebody signs tokens for one employee after the
 * other, the lead and finance first. No consent, no sign-in: only calls from somewhere else, for people whom the account
 * may never have acted for.
 */
const accountKeyStolen: Scenario = {
  id: "google-account-key-stolen",
  title:
    "A delegated service account's stolen key is used from elsewhere to read mail in many names",
  platform: "google",
  attackType: "credential_theft",
  techniques: ["T22", "T24", "T40"],
  stage(setting) {
    const { company } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.trade.reach[0] === "delegated" &&
        (hasScope(found, READS_FILES) || hasScope(found, READS_MAIL)),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const wanted = company.people.filter(
      ({ team, leftAt }) =>
        leftAt === null && (team === "lead" || team === "finance" || team === "legal"),
    );
    const heist = {
      app,
      from: dayAt(setting, opening(setting), setting.stealth >= 0.5),
      victims: wanted.slice(0, dialWhole(setting, 40, 5)),
      hosts: hideout(setting, member),
      usual: usualOf(member),
    };
    const beats = hasScope(member, READS_MAIL)
      ? takesMail(setting, heist)
      : takesFiles(setting, heist);
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/**
 * Instead of stealing a key somebody makes one: a second key of a delegated account, with a developer's stolen session. The
 * account goes on working with its first, and nobody misses anything.
 */
const accountKeyMade: Scenario = {
  id: "google-account-key-made",
  title: "A second key is made for a delegated service account and used from elsewhere",
  platform: "google",
  attackType: "backdoor",
  techniques: ["T41", "T24", "T40"],
  stage(setting) {
    const { company, rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.email !== null &&
        found.traits.keyDay === null &&
        found.traits.trade.reach[0] === "delegated" &&
        (hasScope(found, READS_FILES) || hasScope(found, READS_MAIL)),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const by = rng.pick(
      company.people.filter(({ team, leftAt }) => leftAt === null && team === "engineering"),
    );
    const day = dayAt(setting, opening(setting), isCareful(setting));
    const at = isCareful(setting)
      ? clickTime(by, day, rng)
      : Math.floor(day.start + (22 - by.office.zone + 3 * rng.next()) * HOUR_MS);
    const hosts = hideout(setting, member);
    const wait = dialWhole(setting, 1, 4) - 1;
    const heist = {
      app,
      from: dayAt(setting, (day.index + wait) / setting.days.length),
      after: at + HOUR_MS,
      victims: usersOf(member).slice(0, dialWhole(setting, 60, 8)),
      hosts,
      usual: usualOf(member),
    };
    const beats = hasScope(member, READS_MAIL)
      ? takesMail(setting, heist)
      : takesFiles(setting, heist);
    const made: Beat = {
      at,
      make: (draws) =>
        keyChanged(
          scene(setting, { at, who: by, hosts: adminPlace(setting, by) }, null, draws),
          app,
          "CreateServiceAccountKey",
          isCareful(setting) ? by.userAgent : "python-requests/2.32.3",
        ),
    };
    return playOf(setting, [made, ...beats], { subjects: [automation(app)] });
  },
};

/**
 * A sync app with a little reach is used to learn who is who: users, groups, members, roles, page after page, with refusals
 * where its rights end. What is found decides whom to attack next.
 */
const directoryMapped: Scenario = {
  id: "google-directory-mapped",
  title: "An app's stolen token walks through users, groups and roles of the whole directory",
  platform: "google",
  attackType: "privilege_escalation",
  techniques: ["T68", "T24"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) => isAtWork(found) && hasScope(found, /contacts|admin\.directory/),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const [who] = usersOf(member);
    if (who === undefined) return null;
    const hosts = hideout(setting, member);
    const day = dayAt(setting, opening(setting), setting.stealth >= 0.5);
    const amount = lootPerDay(setting, usualOf(member), 0.6);
    const beats: Beat[] = [];
    for (const on of daysFrom(setting, day, dialWhole(setting, 1, 6))) {
      for (const at of moments(setting, on, amount, who.office, rng)) {
        const act = { at, who, hosts };
        const method = rng.pick(hasScope(member, /admin\.directory/) ? DIRECTORY : ADDRESS_BOOKS);
        beats.push(
          !isAllowed(method, app.scopes) || rng.chance(dial(setting, 0.2, 0.03))
            ? refusedCall(setting, act, app, method, 403)
            : apiCall(setting, act, app, method, [800, 90_000]),
        );
      }
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

const DIRECTORY = [
  "directory.users.list",
  "directory.users.list",
  "directory.groups.list",
  "directory.members.list",
  "directory.members.list",
  "directory.roles.list",
  "directory.roleAssignments.list",
] as const;
const ADDRESS_BOOKS = [
  "people.people.listDirectoryPeople",
  "people.people.listDirectoryPeople",
  "people.people.connections.list",
  "people.otherContacts.list",
] as const;

/**
 * No night in which everything goes, but some files every day for weeks, each day no more than the application might
 * have taken anyway. Only the sum tells.
 */
const slowDrip: Scenario = {
  id: "google-slow-drip",
  title: "An app takes a little more than usual every day, for weeks",
  platform: "google",
  attackType: "data_exfiltration",
  techniques: ["T70", "T24"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.kind === "oauth_app" &&
        usualOf(found) >= 2 &&
        hasScope(found, READS_FILES),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const victims = usersOf(member);
    const hosts = hideout(setting, member);
    const perDay = Math.max(usualOf(member) * dial(setting, 4, 1.2), dial(setting, 60, 16));
    const start = dayAt(setting, opening(setting, 0.25, 0.35), false);
    const takings = daysFrom(setting, start, setting.days.length).flatMap((on) => {
      const amount = Math.round(perDay * (0.7 + 0.6 * rng.next()));
      const office = member.handle.owner.office;
      return Array.from({ length: amount }, () => ({
        at: officeMoment(office, on.start, rng),
        who: rng.pick(victims),
      }));
    });
    const beats = filesAt(setting, app, hosts, takings);
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/**
 * A scraper that knows the quota keeps just below it: one call every so many seconds for hours, and a pause whenever
 * Google answers 429. No minute stands out; that all minutes are alike does.
 */
const limitHugger: Scenario = {
  id: "google-limit-hugger",
  title: "Calls at an even pace just below the limit, for hours, through a trusted app",
  platform: "google",
  attackType: "rate_limit_evasion",
  techniques: ["T71", "T29"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.kind !== "service_account" &&
        (hasScope(found, READS_FILES) || hasScope(found, READS_MAIL)),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const victims = usersOf(member);
    const hosts = hideout(setting, member);
    const stepMs = dial(setting, 3_000, 240_000);
    const hours = dial(setting, 5, 9);
    const method = hasScope(member, READS_FILES) ? "drive.files.get" : "gmail.users.messages.get";
    const beats: Beat[] = [];
    for (const on of daysFrom(
      setting,
      dayAt(setting, opening(setting)),
      dialWhole(setting, 1, 5),
    )) {
      const who = rng.pick(victims);
      const start = on.start + (8 - who.office.zone + 2 * rng.next()) * HOUR_MS;
      let at = Math.floor(start);
      while (at < start + hours * HOUR_MS) {
        const wobble = setting.stealth * 0.2 * stepMs * (rng.next() - 0.5);
        const act = { at: Math.floor(at + wobble), who, hosts };
        if (rng.chance(0.02)) {
          beats.push(refusedCall(setting, act, app, method, 429));
          at += 20 * stepMs * rng.next();
        } else {
          beats.push(apiCall(setting, act, app, method, [20_000, 900_000]));
        }
        at += stepMs;
      }
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/**
 * Mail from a colleague's own account passes every filter. With the token of an app that may send, somebody writes to
 * everybody in the company: please sign in here.
 */
const mailFlood: Scenario = {
  id: "google-mail-to-all-colleagues",
  title: "A mail app's stolen token writes to one colleague after the other",
  platform: "google",
  attackType: "credential_theft",
  techniques: ["T35", "T24"],
  stage(setting) {
    const { rng, company } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.kind === "oauth_app" &&
        isAllowed("gmail.users.messages.send", found.traits.app.scopes),
    );
    if (member === null) return null;
    const { app } = member.traits;
    const who = rng.pick(usersOf(member));
    const hosts = hideout(setting, member);
    const others = company.people.filter((person) => person !== who && person.leftAt === null);
    const day = dayAt(setting, opening(setting));
    const amount = Math.min(others.length, dialWhole(setting, 400, 40));
    const subject = rng.pick(["Shared with you", "Your payslip", "Action needed", "New policy"]);
    let next = rng.int(0, others.length - 1);
    const beats: Beat[] = [];
    for (const on of daysFrom(setting, day, dialWhole(setting, 1, 5))) {
      for (const at of moments(setting, on, amount, who.office, rng)) {
        const to = others[next++ % others.length]?.email;
        if (to === undefined) continue;
        const sent = { at: at + 300, who, hosts };
        beats.push(
          apiCall(setting, { at, who, hosts }, app, "gmail.users.messages.send", [300, 900]),
          {
            at: sent.at,
            make: (draws) => mailed(scene(setting, sent, app, draws), to, subject, 21_000),
          },
        );
      }
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

export const stolen: readonly Scenario[] = [
  vendorCompromise,
  dormantRevived,
  accountKeyStolen,
  accountKeyMade,
  directoryMapped,
  slowDrip,
  limitHugger,
  mailFlood,
];
