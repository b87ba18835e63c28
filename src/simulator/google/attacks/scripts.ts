/** Apps Script as the thief's tool: code inside a copied document, and code on a timer. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { machines } from "#simulator/google/apps.ts";
import { sheetOf } from "#simulator/google/member.ts";
import {
  apiCall,
  automation,
  type Beat,
  clickTime,
  consent,
  dayAt,
  daysFrom,
  dial,
  dialWhole,
  isCareful,
  listed,
  minutesAfter,
  newApp,
  opening,
  playOf,
  rented,
  scene,
  strangerUrl,
} from "#simulator/google/play.ts";
import { copiedIn, fetched, triggerMade } from "#simulator/google/records.ts";
import type { Scenario } from "#simulator/stage.ts";
import { takesMail } from "./loot.ts";

/**
 * "Please make a copy" is a usual link. With the spreadsheet comes the code that is bound to it, and when the copy is first
 * opened it asks for leave to read mail. The script then runs on Google's own machines, in the person's name.
 */
const copiedScript: Scenario = {
  id: "google-script-copied-in",
  title: "A document copied from outside carries a script, which is authorised and reads mail",
  platform: "google",
  attackType: "credential_theft",
  techniques: ["T44", "T45", "T01"],
  stage(setting) {
    const { rng } = setting;
    const victim = setting.takePerson(({ leftAt }) => leftAt === null);
    const title = rng.pick(
      isCareful(setting)
        ? ["Project tracker", "Shift plan", "Travel costs", "Team calendar"]
        : ["Bonus calculator", "Salary comparison", "Layoff list"],
    );
    const app = newApp(setting, title, {
      kind: "script",
      scopes: [
        "script.external_request",
        "spreadsheets",
        isCareful(setting, 0.8) ? "gmail.readonly" : "https://mail.google.com/",
      ],
    });
    const day = dayAt(setting, opening(setting));
    const copied = clickTime(victim, day, rng);
    const allowed = minutesAfter(copied, 1, dial(setting, 4, 90), rng);
    const sheet = { ...sheetOf(app, victim), title: `Copy of ${title}` };
    const hosts = machines(app.clientId, "script", 1);
    const mails = takesMail(setting, {
      app,
      from: day,
      after: allowed,
      victims: [victim],
      hosts,
      usual: 0,
      scale: 0.5,
    });
    const url = strangerUrl(setting);
    const posts = mails
      .filter((_, index) => index % 15 === 0)
      .map(
        ({ at }): Beat => ({
          at: at + 2_000,
          make: (draws) =>
            fetched(scene(setting, { at: at + 2_000, who: victim, hosts }, app, draws), sheet, url),
        }),
      );
    return playOf(
      setting,
      [
        {
          at: copied,
          make: (draws) =>
            copiedIn(scene(setting, { at: copied, who: victim }, null, draws), sheet),
        },
        consent(setting, allowed, victim, app),
        ...mails,
        ...posts,
      ],
      {
        subjects: [automation(app)],
        newcomers: [app],
        state: listed(app, [victim]),
      },
    );
  },
};

/**
 * Somebody with a stolen session writes ten lines of Apps Script: every hour, what is new in the folder goes to a web
 * address. The trigger stays when the password is changed.
 */
const timedScript: Scenario = {
  id: "google-script-on-a-timer",
  title: "A script on a timer sends files to a web address outside",
  platform: "google",
  attackType: "data_exfiltration",
  techniques: ["T45", "T70"],
  stage(setting) {
    const { rng } = setting;
    const victim = setting.takePerson(({ leftAt, isAdmin }) => leftAt === null && !isAdmin);
    const app = newApp(
      setting,
      rng.pick(
        isCareful(setting)
          ? ["Untitled project", "Form responses", "Stock update"]
          : ["sync all", "main", "export"],
      ),
      {
        kind: "script",
        scopes: ["drive", "script.external_request", "script.scriptapp"],
      },
    );
    const day = dayAt(setting, opening(setting, 0.3, 0.6));
    const made = clickTime(victim, day, rng);
    const sheet = sheetOf(app, victim);
    const hosts = machines(app.clientId, "script", 1);
    const everyMin = dialWhole(setting, 10, 360);
    const perRun = dialWhole(setting, 12, 3);
    const url = strangerUrl(setting);
    const beats: Beat[] = [
      consent(setting, made, victim, app),
      {
        at: made + MINUTE_MS,
        make: (draws) =>
          triggerMade(
            scene(setting, { at: made + MINUTE_MS, who: victim, hosts }, app, draws),
            sheet,
          ),
      },
    ];
    const end = made + dialWhole(setting, 2, 12) * 24 * HOUR_MS;
    for (let run = made + 5 * MINUTE_MS; run < end; run += everyMin * MINUTE_MS) {
      for (let i = 0; i < perRun; i++) {
        const at = run + i * 1_500 + rng.int(0, 400);
        const act = { at, who: victim, hosts };
        beats.push(
          apiCall(
            setting,
            act,
            app,
            i === 0 ? "drive.files.list" : "drive.files.get",
            [20_000, 2_000_000],
          ),
        );
      }
      const posted = { at: run + perRun * 1_500 + 900, who: victim, hosts };
      beats.push({
        at: posted.at,
        make: (draws) => fetched(scene(setting, posted, app, draws), sheet, url),
      });
    }
    return playOf(setting, beats, {
      subjects: [automation(app)],
      newcomers: [app],
      state: listed(app, [victim]),
    });
  },
};

/**
 * One client would reach its quota, so there are several, each with a harmless name, all let in by the same person in one
 * sitting. They take turns, and each alone reads little.
 */
const rotation: Scenario = {
  id: "google-client-rotation",
  title: "Several new apps of one hand take turns reading the same mailbox",
  platform: "google",
  attackType: "rate_limit_evasion",
  techniques: ["T71", "T74"],
  stage(setting) {
    const { rng } = setting;
    const victim = setting.takePerson(({ leftAt }) => leftAt === null);
    const names = [
      "Mail Stats",
      "Inbox Zero Helper",
      "Newsletter Cleaner",
      "Follow-up Reminder",
      "Attachment Finder",
      "Quick Search",
    ];
    const apps = names
      .slice(0, dialWhole(setting, 4, 2))
      .map((name, index) => newApp(setting, name, { scopes: ["gmail.readonly"] }, `part ${index}`));
    const day = dayAt(setting, opening(setting));
    const first = clickTime(victim, day, rng);
    const sittingMs = dial(setting, 40_000, 3_600_000);
    const consents = apps.map((app, index) =>
      consent(setting, first + Math.floor(index * sittingMs), victim, app),
    );
    const hosts = rented(setting);
    const stepMs = dial(setting, 4_000, 120_000);
    const hours = dial(setting, 4, 8);
    const after = first + apps.length * sittingMs;
    const beats: Beat[] = [];
    for (const on of daysFrom(setting, day, dialWhole(setting, 2, 6))) {
      const start = Math.max(after, on.start + (9 - victim.office.zone) * HOUR_MS);
      for (let at = start; at < start + hours * HOUR_MS; at += stepMs) {
        // A quarter of an hour each.
        const app = apps[Math.floor((at - start) / (15 * MINUTE_MS)) % apps.length];
        if (app === undefined) continue;
        const act = { at: Math.floor(at + 400 * rng.next()), who: victim, hosts };
        beats.push(apiCall(setting, act, app, "gmail.users.messages.get", [8_000, 300_000]));
      }
    }
    return playOf(setting, [...consents, ...beats], {
      subjects: apps.map(automation),
      newcomers: apps,
      state: apps.flatMap((app) => listed(app, [victim])),
    });
  },
};

export const scripts: readonly Scenario[] = [copiedScript, timedScript, rotation];
