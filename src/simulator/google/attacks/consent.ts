/** People are talked into letting an application in: once, many at a time, or by a name that they think they know. */

import { MINUTE_MS } from "#base/time.ts";
import {
  apiCall,
  automation,
  type Beat,
  clickTime,
  colleagues,
  consent,
  dayAt,
  daysFrom,
  dialWhole,
  isCareful,
  listed,
  minutesAfter,
  newApp,
  opening,
  plausible,
  playOf,
  rented,
} from "#simulator/google/play.ts";
import type { Scenario } from "#simulator/stage.ts";
import { takesFiles, takesMail } from "./loot.ts";

/**
 * One click on "Allow" gives an unknown application every file of a person. It needs no password and outlives a change of
 * it. Blatant: everything within the hour, by night, from cheap hosting. Stealthy: days later, a few dozen files a day
 * among the person's own work, from a common cloud.
 */
const illicitConsent: Scenario = {
  id: "google-illicit-consent-drain",
  title: "A person lets an unknown app in, which empties her Drive",
  platform: "google",
  attackType: "data_exfiltration",
  techniques: ["T01", "T09", "T28"],
  stage(setting) {
    const { rng } = setting;
    const victim = setting.takePerson((person) => !person.isAdmin && person.leftAt === null);
    const name = isCareful(setting)
      ? plausible(setting, "Docs Preview", "Storage Analyzer", "PDF Compress")
      : rng.pick(["Drive Security Update", "Shared Document Viewer 2026", "Mailbox Upgrade"]);
    const app = newApp(setting, name, {
      scopes: isCareful(setting, 0.8) ? ["drive.readonly"] : ["drive", "contacts.readonly"],
    });
    const day = dayAt(setting, opening(setting, 0.4, 0.65));
    const clicked = clickTime(victim, day, rng);
    const waitDays = isCareful(setting) ? dialWhole(setting, 1, 4) : 0;
    const from = dayAt(setting, (day.index + waitDays) / setting.days.length);
    return playOf(
      setting,
      [
        consent(setting, clicked, victim, app),
        ...takesFiles(setting, {
          app,
          from,
          after: clicked,
          victims: [victim],
          hosts: rented(setting),
          usual: 0,
        }),
      ],
      { subjects: [automation(app)], newcomers: [app], state: listed(app, [victim]) },
    );
  },
};

/**
 * The same mail goes to many people, and some of them consent within hours of each other. Each mailbox is then looked
 * through for invoices and passwords. Stealthy: four people over a week, and each mailbox only a little.
 */
const consentCampaign: Scenario = {
  id: "google-consent-campaign",
  title:
    "Several people consent to the same unknown app after a phishing mail, which reads their mail",
  platform: "google",
  attackType: "credential_theft",
  techniques: ["T04", "T01", "T30"],
  stage(setting) {
    const { rng } = setting;
    const victims = colleagues(setting, dialWhole(setting, 16, 4));
    const app = newApp(
      setting,
      isCareful(setting)
        ? plausible(setting, "Payslips", "Forms", "Mail Tools")
        : rng.pick(["HR Document Verification", "Mailbox Quota Check", "Voice Message"]),
      { scopes: isCareful(setting, 0.8) ? ["gmail.readonly"] : ["gmail.modify", "contacts"] },
    );
    const day = dayAt(setting, opening(setting));
    const spread = daysFrom(setting, day, dialWhole(setting, 1, 5));
    const clicks = victims.map((who, index) => {
      const on = spread[Math.floor((index * spread.length) / victims.length)] ?? day;
      // Careless senders catch everybody at their desks in the same hour or two.
      const at = isCareful(setting)
        ? clickTime(who, on, rng)
        : minutesAfter(day.start + 8 * 60 * MINUTE_MS, 0, dialWhole(setting, 90, 400), rng);
      return { who, at };
    });
    const last = Math.max(...clicks.map(({ at }) => at));
    return playOf(
      setting,
      [
        ...clicks.map(({ who, at }) => consent(setting, at, who, app)),
        ...takesMail(setting, {
          app,
          from: dayAt(setting, ((spread.at(-1)?.index ?? day.index) + 1) / setting.days.length),
          after: last,
          victims,
          hosts: rented(setting),
          usual: 0,
          scale: 0.8,
        }),
      ],
      { subjects: [automation(app)], newcomers: [app], state: listed(app, victims) },
    );
  },
};

/** Names that read like a well-known one: digits for letters, then Cyrillic and look-alike letters, then an added word. */
const BLATANT_NAMES = [
  "G00gle Drive",
  "Zo0m",
  "D0cuSign",
  "Dr0pbox",
  "Micros0ft Outlook",
  "Salesf0rce",
] as const;
const CAREFUL_NAMES = [
  "DосuSign",
  "Zооm",
  "Dropbоx",
  "HubSроt",
  "Sаlesforce",
  "Nоtion",
  "Asаna",
] as const;

/**
 * The consent page shows a name, and nobody checks its letters: an `о` may be Cyrillic. The rights are those that the real
 * product asks for, and a few more.
 */
const lookalikeName: Scenario = {
  id: "google-lookalike-app",
  title:
    "An app with the look-alike name of a well-known product is let in and reads mail and contacts",
  platform: "google",
  attackType: "credential_theft",
  techniques: ["T08", "T01", "T30"],
  stage(setting) {
    const { rng } = setting;
    const victims = colleagues(setting, dialWhole(setting, 5, 1));
    const app = newApp(setting, rng.pick(isCareful(setting, 0.2) ? CAREFUL_NAMES : BLATANT_NAMES), {
      scopes: ["gmail.readonly", "contacts.readonly", "calendar.events"],
    });
    const day = dayAt(setting, opening(setting));
    const clicks = victims.map((who) => ({ who, at: clickTime(who, day, rng) }));
    const last = Math.max(...clicks.map(({ at }) => at));
    const hosts = rented(setting);
    const contacts: Beat[] = clicks.map(({ who, at }) =>
      apiCall(
        setting,
        { at: minutesAfter(at, 1, 9, rng), who, hosts },
        app,
        "people.people.connections.list",
        [4_000, 90_000],
      ),
    );
    return playOf(
      setting,
      [
        ...clicks.map(({ who, at }) => consent(setting, at, who, app)),
        ...contacts,
        ...takesMail(setting, {
          app,
          from: day,
          after: last,
          victims,
          hosts,
          usual: 0,
          scale: 0.5,
        }),
      ],
      { subjects: [automation(app)], newcomers: [app], state: listed(app, victims) },
    );
  },
};

export const consents: readonly Scenario[] = [illicitConsent, consentCampaign, lookalikeName];
