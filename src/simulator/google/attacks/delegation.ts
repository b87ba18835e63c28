/** Domain-wide delegation and roles: an account that may act as everybody, made, widened or raised by a stolen admin session. */

import { HOUR_MS } from "#base/time.ts";
import type { Person } from "#simulator/company.ts";
import { spelled } from "#simulator/google/apps.ts";
import {
  adminPlace,
  anyAdmin,
  automation,
  type Beat,
  clickTime,
  dayAt,
  dialWhole,
  hideout,
  isAtWork,
  isCareful,
  newApp,
  opening,
  plausible,
  playOf,
  principal,
  rented,
  scene,
  takeAdmin,
  takeMember,
  usersOf,
  usualOf,
} from "#simulator/google/play.ts";
import { administered, delegated } from "#simulator/google/records.ts";
import type { Scenario, Setting } from "#simulator/stage.ts";
import { takesMail } from "./loot.ts";

/** Lead, finance and legal first: their mail is worth most. */
function worthReading(setting: Setting, count: number): Person[] {
  const ranks = ["lead", "finance", "legal", "sales", "people", "it"];
  return [...setting.company.people]
    .filter(({ leftAt }) => leftAt === null)
    .sort((a, b) => rank(ranks, a) - rank(ranks, b))
    .slice(0, count);
}

function rank(ranks: readonly string[], { team }: Person): number {
  const at = ranks.indexOf(team);
  return at < 0 ? ranks.length : at;
}

/**
 * A sync account that could read the directory may suddenly read all mail: somebody at the Admin console added scopes to a
 * line that was long there. Nobody is asked, and no user sees it.
 */
const delegationWidened: Scenario = {
  id: "google-delegation-widened",
  title:
    "A sync account's delegation is widened to mail and Drive, and it reads many people's mail",
  platform: "google",
  attackType: "privilege_escalation",
  techniques: ["T39", "T40", "T15"],
  stage(setting) {
    const { rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        (found.behaviour === "directory-sync" || found.behaviour === "hr-sync") &&
        usersOf(found).length > 0,
    );
    if (member === null) return null;
    const { app } = member.traits;
    const by = anyAdmin(setting);
    const day = dayAt(setting, opening(setting));
    const at = isCareful(setting)
      ? clickTime(by, day, rng)
      : Math.floor(day.start + (22 - by.office.zone + 4 * rng.next()) * HOUR_MS);
    const added = isCareful(setting, 0.8)
      ? ["gmail.readonly"]
      : ["https://mail.google.com/", "drive"];
    const hosts = adminPlace(setting, by);
    const wait = dialWhole(setting, 1, 4) - 1;
    return playOf(
      setting,
      [
        {
          at,
          make: (draws) =>
            delegated(scene(setting, { at, who: by, hosts }, null, draws), app, [
              ...app.scopes,
              ...added.map(spelled),
            ]),
        },
        ...takesMail(setting, {
          app,
          from: dayAt(setting, (day.index + wait) / setting.days.length),
          after: at + HOUR_MS / 2,
          victims: worthReading(setting, dialWhole(setting, 60, 6)),
          hosts: hideout(setting, member),
          usual: usualOf(member),
        }),
      ],
      { subjects: [automation(app)] },
    );
  },
};

/**
 * A service account of the intruder's own project is put on the list of delegated clients: a door that stays open when
 * every password has been changed.
 */
const delegationPlanted: Scenario = {
  id: "google-delegation-planted",
  title: "An unknown service account is given domain-wide delegation and impersonates people",
  platform: "google",
  attackType: "backdoor",
  techniques: ["T39", "T40"],
  stage(setting) {
    const { rng } = setting;
    const by = anyAdmin(setting);
    const app = newApp(
      setting,
      isCareful(setting)
        ? plausible(setting, "Reporting", "Usage Sync")
        : rng.pick(["svc-migration", "gsuite-test", "temp-sync"]),
      {
        kind: "service_account",
        scopes: isCareful(setting, 0.8)
          ? ["gmail.readonly"]
          : ["https://mail.google.com/", "drive", "admin.directory.user"],
      },
    );
    const day = dayAt(setting, opening(setting));
    const at = clickTime(by, day, rng);
    const hosts = adminPlace(setting, by);
    const wait = dialWhole(setting, 1, 5) - 1;
    return playOf(
      setting,
      [
        {
          at,
          make: (draws) =>
            delegated(scene(setting, { at, who: by, hosts }, null, draws), app, app.scopes),
        },
        ...takesMail(setting, {
          app,
          from: dayAt(setting, (day.index + wait) / setting.days.length),
          after: at + HOUR_MS / 2,
          victims: worthReading(setting, dialWhole(setting, 50, 4)),
          hosts: rented(setting),
          usual: 0,
        }),
      ],
      { subjects: [automation(app)], newcomers: [app] },
    );
  },
};

/**
 * A build account with a key in many hands is made an administrator. It then makes users and puts them into groups; the
 * role was given by an administrator whose session was stolen.
 */
const roleForAccount: Scenario = {
  id: "google-role-for-account",
  title: "A build account is given an admin role and makes users with it",
  platform: "google",
  attackType: "privilege_escalation",
  techniques: ["T67", "T03"],
  stage(setting) {
    const { company, rng } = setting;
    const member = takeMember(
      setting,
      (found) =>
        isAtWork(found) &&
        found.traits.app.email !== null &&
        found.traits.trade.reach[0] === "self",
    );
    if (member === null) return null;
    const { app } = member.traits;
    const by = anyAdmin(setting);
    const day = dayAt(setting, opening(setting));
    const at = clickTime(by, day, rng);
    const account = { ...by, email: app.email ?? app.clientId, googleId: app.clientId };
    const hosts = hideout(setting, member);
    const role = isCareful(setting) ? "_USER_MANAGEMENT_ADMIN_ROLE" : "_SEED_ADMIN_ROLE";
    const beats: Beat[] = [
      {
        at,
        make: (draws) =>
          administered(
            scene(setting, { at, who: by, hosts: adminPlace(setting, by) }, null, draws),
            "DELEGATED_ADMIN_SETTINGS",
            "ASSIGN_ROLE",
            { USER_EMAIL: account.email, ROLE_NAME: role },
          ),
      },
    ];
    const made = dialWhole(setting, 12, 2);
    for (let i = 0; i < made; i++) {
      const user = `${rng.pick(["svc", "archive", "team", "help"])}.${rng.int(10, 99)}@${company.domain}`;
      const from = at + Math.floor((1 + i * setting.stealth * 20 + rng.next()) * HOUR_MS);
      for (const [name, type, values] of [
        ["CREATE_USER", "USER_SETTINGS", { USER_EMAIL: user }],
        [
          "ADD_GROUP_MEMBER",
          "GROUP_SETTINGS",
          { USER_EMAIL: user, GROUP_EMAIL: `it@${company.domain}` },
        ],
      ] as const) {
        const when = from + (name === "CREATE_USER" ? 0 : 30_000);
        beats.push({
          at: when,
          make: (draws) =>
            administered(
              scene(setting, { at: when, who: account, hosts }, null, draws),
              type,
              name,
              values,
            ),
        });
      }
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

/**
 * With a stolen admin session the whole domain's data is packed into one archive by the vendor's own export. It is one
 * click, and afterwards one download.
 */
const customerTakeout: Scenario = {
  id: "google-customer-takeout",
  title: "A stolen admin session exports the data of the whole domain",
  platform: "google",
  attackType: "data_exfiltration",
  techniques: ["T38"],
  stage(setting) {
    const { rng } = setting;
    const by = takeAdmin(setting);
    const day = dayAt(setting, opening(setting), setting.stealth >= 0.5);
    const at = isCareful(setting)
      ? clickTime(by, day, rng)
      : Math.floor(day.start + (23 - by.office.zone) * HOUR_MS);
    const done = at + Math.floor((30 + 30 * rng.next()) * HOUR_MS);
    const hosts = adminPlace(setting, by);
    const step = (when: number, name: string): Beat => ({
      at: when,
      make: (draws) =>
        administered(
          scene(setting, { at: when, who: by, hosts }, null, draws),
          "CUSTOMER_TAKEOUT",
          name,
          {
            OBFUSCATED_CUSTOMER_TAKEOUT_REQUEST_ID: `takeout-${setting.company.seed}-${by.index}`,
          },
        ),
    });
    return playOf(
      setting,
      [step(at, "CUSTOMER_TAKEOUT_CREATED"), step(done, "CUSTOMER_TAKEOUT_SUCCEEDED")],
      { subjects: [principal(by)] },
    );
  },
};

export const delegation: readonly Scenario[] = [
  delegationWidened,
  delegationPlanted,
  roleForAccount,
  customerTakeout,
];
